import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { Order } from 'tillstream-sdk'
import { api, orderHeaders } from '../../shared/api.ts'
import { useTexts } from '../texts/texts.ts'
import { textsOf } from '../../shared/form-texts.ts'
import { Button, Field } from './fields.tsx'
import { Problem } from './notices.tsx'
import { returnable, returnsQuery } from './order-queries.ts'

type Asked = { readonly lines: readonly Line[]; readonly withdrawal: boolean }
type Line = { readonly lineId: string; readonly quantity: number; readonly reason?: string }

export function Returns({ order }: { readonly order: Order }) {
  const texts = useTexts().order
  const { data: returns = [] } = useQuery(returnsQuery(order.id))
  const nameOf = (lineId: string): string => order.items.find((item) => item.lineId === lineId)?.name ?? ''
  return (
    <section className="panel stack">
      <h2>{texts.returns}</h2>
      {returns.map(({ id, status, lines }) => (
        <div key={id} className="row between">
          <span>{lines.map(({ lineId, quantity }) => `${quantity} × ${nameOf(lineId)}`).join(', ')}</span>
          <span className="tag" data-status={status}>
            {texts.returnStatus[status]}
          </span>
        </div>
      ))}
      {order.items.some((item) => returnable(item) > 0) ? <ReturnForm order={order} /> : null}
    </section>
  )
}

function ReturnForm({ order }: { readonly order: Order }) {
  const texts = useTexts().order
  const queries = useQueryClient()
  const [isMissing, setMissing] = useState(false)
  const ask = useMutation({
    mutationFn: async (body: Asked) =>
      (
        await api().requestReturn({
          path: { id: order.id },
          headers: orderHeaders(order.id),
          body: { lines: [...body.lines], withdrawal: body.withdrawal },
        })
      ).data,
    onSuccess: async () => queries.invalidateQueries({ queryKey: ['order', order.id] }),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const { reason, withdrawal, ...counts } = textsOf(form)
    const lines = Object.entries(counts)
      .map(([lineId, count]) => ({
        lineId,
        quantity: Number(count),
        ...(reason === undefined ? {} : { reason }),
      }))
      .filter(({ quantity }) => quantity > 0)
    setMissing(lines.length === 0)
    if (lines.length > 0 && !ask.isPending)
      ask.mutate({ lines, withdrawal: withdrawal === 'yes' }, { onSuccess: () => form.reset() })
  }
  return (
    <details>
      <summary>{texts.returnTitle}</summary>
      <form className="stack" onSubmit={submit}>
        <Units order={order} />
        <Field label={texts.returnReason} name="reason" maxLength={500} />
        <Withdrawal />
        {isMissing ? (
          <p className="notice warn" role="alert">
            {texts.returnNothing}
          </p>
        ) : null}
        <Problem err={ask.error} />
        <Button type="submit" className="button second" isBusy={ask.isPending}>
          {texts.returnAsk}
        </Button>
      </form>
    </details>
  )
}

function Withdrawal() {
  return (
    <label className="check">
      <input type="checkbox" name="withdrawal" value="yes" />
      {useTexts().order.returnWithdrawal}
    </label>
  )
}

function Units({ order }: { readonly order: Order }) {
  const texts = useTexts().order
  return order.items
    .filter((item) => returnable(item) > 0)
    .map((item) => (
      <Field
        key={item.lineId}
        label={texts.returnQuantity(item.name)}
        name={item.lineId}
        type="number"
        min={0}
        max={returnable(item)}
        defaultValue={0}
      />
    ))
}
