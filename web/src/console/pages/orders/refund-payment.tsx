import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Order, Payment } from 'tillstream-sdk'
import { money } from '../../../shared/formats.ts'
import { ActButton, type FormTexts } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { Quantities, quantitiesOf, type Quantity } from './quantities.tsx'

type RefundPaymentProps = { readonly order: Order; readonly payment: Payment }
type Way = 'lines' | 'amount' | 'all'
type Wanted = {
  readonly reason: string
  readonly amount?: number
  readonly lines?: readonly Quantity[]
}

export function RefundPayment({ order, payment }: RefundPaymentProps) {
  const texts = useTexts().orders.refund
  const [way, setWay] = useState<Way>('lines')
  const { id, captured, refunded, currency } = payment
  const left = captured - refunded
  const refund = useAct({
    run: async ({ lines, ...wanted }: Wanted, key) =>
      (
        await api().refundPayment({
          path: { id },
          body: { ...wanted, ...(lines ? { lines: [...lines] } : {}) },
          headers: { 'idempotency-key': key },
        })
      ).data,
    done: ({ amount }) => texts.done(money(amount, currency)),
  })
  return (
    <ActButton
      label={texts.button}
      title={texts.button}
      size="xs"
      effect={texts.effect(money(left, currency))}
      confirm={texts.confirm}
      isDanger
      act={refund}
      toInput={(given) => wantedOf(way, given)}
    >
      <NativeSelect
        label={texts.what}
        value={way}
        onChange={({ currentTarget }) => setWay(currentTarget.value as Way)} // of the list
        data={Object.entries(texts.ways).map(([value, label]) => ({ value, label }))}
        data-autofocus
      />
      {way === 'lines' ? (
        <Quantities
          legend={texts.units}
          first="none"
          lines={order.items.map(({ lineId, name, quantity }) => ({ lineId, name, most: quantity }))}
        />
      ) : null}
      {way === 'amount' ? (
        <TextInput
          label={texts.amount(currency)}
          name="amount"
          type="number"
          step="any"
          min={0}
          max={left}
          required
        />
      ) : null}
      <TextInput label={texts.reason} name="reason" required maxLength={500} />
    </ActButton>
  )
}

function wantedOf(way: Way, given: FormTexts): Wanted | undefined {
  const { reason, amount } = given
  if (reason === undefined) return undefined
  if (way === 'all') return { reason }
  if (way === 'amount') return amount === undefined ? undefined : { reason, amount: Number(amount) }
  const lines = quantitiesOf(given)
  return lines.length === 0 ? undefined : { reason, lines }
}
