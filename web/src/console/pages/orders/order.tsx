import { useQuery } from '@tanstack/react-query'
import type { Order } from 'tillstream-sdk'
import { Fault, Loading } from '../../parts/notices.tsx'
import { Page } from '../../parts/page.tsx'
import { shortId } from '../../parts/short-id.tsx'
import { useStaff } from '../../parts/staff.ts'
import { Time } from '../../parts/time.tsx'
import { useTexts } from '../../texts/texts.ts'
import { Buyer } from './buyer.tsx'
import { Lines } from './lines.tsx'
import { OrderActions } from './order-actions.tsx'
import { Payments } from './payments.tsx'
import { orderQuery, useLiveOrder } from './queries.ts'
import { Receipts } from './receipts.tsx'
import { Returns } from './returns.tsx'
import { Shipments } from './shipments.tsx'
import { OrderState } from './state.tsx'
import { Timeline } from './timeline.tsx'
import { Totals } from './totals.tsx'

export function OrderPage({ id }: { readonly id: string }) {
  useLiveOrder(id)
  const { data: order, isError, error, refetch } = useQuery(orderQuery(id))
  if (order) return <Shown order={order} />
  return isError ? <Fault err={error} onAgain={() => void refetch()} /> : <Loading lines={10} />
}

function Shown({ order }: { readonly order: Order }) {
  const texts = useTexts()
  const { may } = useStaff()
  const { id, createdAt } = order
  return (
    <Page
      title={texts.orders.title(shortId(id))}
      up={{ to: '/orders', label: texts.places.orders }}
      lead={
        <>
          <Time at={createdAt} /> · <code>{id}</code>
        </>
      }
      actions={may('orders:write') ? <OrderActions order={order} /> : undefined}
    >
      <div className="panels">
        <OrderState order={order} />
        <div className="columns">
          <div className="panels">
            <Lines order={order} />
            <Shipments order={order} />
            <Returns order={order} />
          </div>
          <div className="panels">
            <Totals order={order} />
            {may('payments:read') ? <Payments order={order} /> : null}
            {may('payments:read') ? <Receipts orderId={id} /> : null}
            <Buyer order={order} />
          </div>
        </div>
        <Timeline orderId={id} />
      </div>
    </Page>
  )
}
