import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Order } from 'tillstream-sdk'
import { api, orderHeaders } from '../../shared/api.ts'
import { money } from '../../shared/formats.ts'
import { useTexts } from '../texts/texts.ts'
import { keepPaying } from './draft.ts'
import { Button } from './fields.tsx'
import { Problem } from './notices.tsx'
import { PaymentFields, returnUrl, usePaymentChoice, type PaymentWay } from './payment-choice.tsx'
import { useRequestKey } from './request-key.ts'

/** A new attempt for an order that is held and not paid for. */
export function PayAgain({ order }: { readonly order: Order }) {
  const { order: texts, checkout } = useTexts()
  const queries = useQueryClient()
  const key = useRequestKey()
  const { way, isOffline, fields } = usePaymentChoice(order.total, order.currency)
  const pay = useMutation({
    mutationFn: async (chosen: PaymentWay) => {
      const headers = { ...orderHeaders(order.id), 'idempotency-key': key.current() }
      return (
        await api().payOrder({ path: { id: order.id }, headers, body: { ...chosen, returnUrl: returnUrl() } })
      ).data
    },
    onSuccess: () => keepPaying(order.id),
    onSettled: async (_payment, err) => {
      key.settle(err ?? undefined)
      await queries.invalidateQueries({ queryKey: ['order', order.id] })
    },
  })
  const total = money(order.total, order.currency)
  return (
    <div className="stack">
      <h2>{texts.payTitle}</h2>
      <PaymentFields fields={fields} />
      <Problem err={pay.error} />
      <Button className="button wide" isBusy={pay.isPending} onClick={() => way && pay.mutate(way)}>
        {isOffline ? checkout.order(total) : texts.pay(total)}
      </Button>
    </div>
  )
}
