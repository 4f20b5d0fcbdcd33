import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Order } from 'tillstream-sdk'
import { api, orderHeaders } from '../../shared/api.ts'
import { useTexts } from '../texts/texts.ts'
import { Button } from './fields.tsx'
import { Problem } from './notices.tsx'

export function CancelOrder({ order }: { readonly order: Order }) {
  const texts = useTexts().order
  const queries = useQueryClient()
  const [isAsked, setAsked] = useState(false)
  const cancel = useMutation({
    mutationFn: async () =>
      (await api().cancelOrder({ path: { id: order.id }, headers: orderHeaders(order.id), body: {} })).data,
    onSettled: async () => queries.invalidateQueries(),
  })
  const isCancelable =
    ['pending', 'confirmed', 'paid'].includes(order.status) && order.fulfilmentStatus === 'none'
  if (!isCancelable) return null
  if (!isAsked)
    return (
      <div>
        <Button className="button plain quiet" onClick={() => setAsked(true)}>
          {texts.cancel}
        </Button>
      </div>
    )
  return (
    <section className="panel stack" aria-live="polite">
      <p>{texts.cancelAsk}</p>
      <Problem err={cancel.error} />
      <div className="row">
        <Button className="button danger" isBusy={cancel.isPending} onClick={() => cancel.mutate()}>
          {texts.cancelYes}
        </Button>
        <Button className="button second" onClick={() => setAsked(false)}>
          {texts.cancelNo}
        </Button>
      </div>
    </section>
  )
}
