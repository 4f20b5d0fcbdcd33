import { useQuery } from '@tanstack/react-query'
import type { Order } from 'tillstream-sdk'
import { useStaff } from '../../parts/staff.ts'
import { CancelOrder } from './cancel-order.tsx'
import { CompleteOrder } from './complete-order.tsx'
import { trackingQuery, unsent } from './queries.ts'
import { RecordPayment } from './record-payment.tsx'
import { Ship } from './ship.tsx'

const isOver = ({ status }: Order): boolean =>
  ['rejected', 'canceled', 'expired', 'completed'].includes(status)

/** What can be done with the order now. */
export function OrderActions({ order }: { readonly order: Order }) {
  const { may } = useStaff()
  const { data: tracking } = useQuery(trackingQuery(order.id))
  const left = tracking ? unsent(order, tracking.shipments) : undefined
  const isToBeSent =
    ['confirmed', 'paid'].includes(order.status) && [...(left?.values() ?? [])].some((units) => units > 0)
  return (
    <>
      {isToBeSent && left ? <Ship order={order} left={left} /> : null}
      {order.status === 'confirmed' && may('payments:write') ? <RecordPayment order={order} /> : null}
      {order.status === 'shipped' ? <CompleteOrder order={order} /> : null}
      {!isOver(order) && order.fulfilmentStatus === 'none' ? <CancelOrder order={order} /> : null}
    </>
  )
}
