import { isProblem, type Order, type Payment, type ShopError } from 'tillstream-sdk'
import { money, moment, percent } from '../../shared/formats.ts'
import { Link } from '../../shared/router.tsx'
import { AddressText } from '../parts/address-text.tsx'
import { CancelOrder } from '../parts/cancel-order.tsx'
import { EmptyState, Fault, Skeleton } from '../parts/notices.tsx'
import { useOrder } from '../parts/order-queries.ts'
import { OrderState } from '../parts/order-state.tsx'
import { Parcels } from '../parts/parcels.tsx'
import { Receipts } from '../parts/receipts.tsx'
import { Returns } from '../parts/returns.tsx'
import { Row } from '../parts/totals.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useTexts } from '../texts/texts.ts'

export function OrderPage({ id }: { readonly id: string }) {
  const texts = useTexts()
  const { order, payment } = useOrder(id)
  useTitle(texts.order.title)
  if (isProblem(order.error) && isMissing(order.error))
    return (
      <EmptyState
        title={texts.missing.title}
        text={texts.order.missing}
        to="/login"
        action={texts.account.logIn}
      />
    )
  if (order.isError) return <Fault err={order.error} onAgain={() => void order.refetch()} />
  if (!order.data) return <Skeleton lines={8} />
  return <Shown order={order.data} payment={payment} />
}

const isMissing = ({ status }: ShopError): boolean => [400, 401, 403, 404].includes(status)

type ShownProps = { readonly order: Order; readonly payment: Payment | undefined }

function Shown({ order, payment }: ShownProps) {
  const texts = useTexts().order
  return (
    <div className="with-summary">
      <div className="stack wide-gaps">
        <OrderState order={order} payment={payment} />
        {order.fulfilmentStatus === 'none' ? null : <Parcels orderId={order.id} />}
        {order.items.some(({ shipped = 0 }) => shipped > 0) ? <Returns order={order} /> : null}
        {hasTakenMoney(order) ? <Receipts orderId={order.id} /> : null}
        <CancelOrder order={order} />
      </div>
      <aside className="summary stack" aria-label={texts.items}>
        <p className="quiet">
          {texts.placed(moment(order.createdAt))}
          <br />
          <span className="number">{order.id}</span>
        </p>
        <ul className="plain-list stack">
          {order.items.map(({ lineId, productId, name, quantity, unitPrice }) => (
            <li key={lineId} className="row between">
              <span>
                {quantity} × <Link to={`/products/${productId}`}>{name}</Link>
              </span>
              <span>{money(unitPrice * quantity, order.currency)}</span>
            </li>
          ))}
        </ul>
        <OrderTotals order={order} />
        {order.deliveryAddress ? (
          <section>
            <h2>{texts.deliverTo}</h2>
            <AddressText address={order.deliveryAddress} />
          </section>
        ) : null}
      </aside>
    </div>
  )
}

const hasTakenMoney = ({ paymentStatus }: Order): boolean =>
  ['partially_paid', 'paid', 'overpaid', 'partially_refunded', 'refunded'].includes(paymentStatus)

function OrderTotals({ order }: { readonly order: Order }) {
  const { totals: texts, checkout } = useTexts()
  const amount = (value: number): string => money(value, order.currency)
  return (
    <dl className="totals">
      {order.discount > 0 ? <Row name={texts.discount} value={amount(-order.discount)} /> : null}
      <Row name={texts.shipping} value={order.shipping === 0 ? checkout.free : amount(order.shipping)} />
      {order.taxLines.map(({ percent: rate, tax }) => (
        <Row
          key={rate}
          name={`${order.taxIncluded ? texts.taxIncluded : texts.tax} ${percent(rate)}`}
          value={amount(tax)}
        />
      ))}
      <Row name={texts.total} value={amount(order.total)} isStrong />
    </dl>
  )
}
