import type { Order, Payment } from 'tillstream-sdk'
import { Link } from '../../shared/router.tsx'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts.ts'
import { isOpen } from './order-queries.ts'
import { PayAgain } from './pay-again.tsx'

type StateProps = { readonly order: Order; readonly payment: Payment | undefined }

/** How far the order is, and what its customer can do now. */
export function OrderState({ order, payment }: StateProps) {
  const texts = useTexts()
  const isInvoice = order.status === 'confirmed' && payment?.status === 'action_required' && !payment.action
  const isToBePaid =
    order.status === 'confirmed' && (payment === undefined || !isOpen(payment)) && isUncovered(order)
  const headline = texts.order.headlines[isInvoice ? 'invoice' : order.status]
  return (
    <section className="panel stack state" data-status={order.status}>
      <div role="status">
        <h1>{headline}</h1>
        <p>{noteOf(texts.order.notes, order, payment, isInvoice)}</p>
      </div>
      <Steps order={order} />
      {payment?.action && order.status === 'confirmed' && isOpen(payment) ? (
        <a className="button" href={payment.action.url}>
          {texts.order.toBank}
        </a>
      ) : null}
      {isToBePaid && payment?.status === 'failed' ? (
        <p className="notice bad" role="alert">
          <b>{texts.order.declined}</b> {texts.order.declinedHint}
        </p>
      ) : null}
      {isToBePaid ? <PayAgain order={order} /> : null}
      {order.status === 'confirmed' && isUncovered(order) ? (
        <Link to="/cart">{texts.cart.reopen}</Link>
      ) : null}
      {['rejected', 'expired', 'canceled'].includes(order.status) ? (
        <Link className="button second" to="/cart">
          {texts.product.toCart}
        </Link>
      ) : null}
    </section>
  )
}

const isUncovered = ({ paymentStatus }: Order): boolean =>
  ['unpaid', 'pending', 'failed'].includes(paymentStatus)

function noteOf(
  notes: Texts['order']['notes'],
  { status }: Order,
  payment: Payment | undefined,
  isInvoice: boolean,
): string {
  if (status !== 'confirmed') return notes[status]
  if (isInvoice) return notes.invoice
  if (payment?.action && isOpen(payment)) return notes.action
  return payment && isOpen(payment) ? notes.processing : notes.confirmed
}

function Steps({ order }: { readonly order: Order }) {
  const texts = useTexts().order.steps
  if (['rejected', 'expired', 'canceled'].includes(order.status)) return null
  const isPaid =
    !isUncovered(order) && order.paymentStatus !== 'authorized' && order.paymentStatus !== 'partially_paid'
  const isShipped = order.fulfilmentStatus === 'shipped' || order.fulfilmentStatus === 'delivered'
  const steps = [
    { name: texts.placed, isDone: true },
    { name: texts.paid, isDone: isPaid },
    { name: texts.shipped, isDone: isShipped },
    { name: texts.delivered, isDone: order.fulfilmentStatus === 'delivered' },
  ]
  const current = steps.findLastIndex(({ isDone }) => isDone)
  return (
    <ol className="steps" aria-label={texts.label}>
      {steps.map(({ name, isDone }, index) => (
        <li key={name} data-done={isDone || undefined} aria-current={index === current ? 'step' : undefined}>
          {name}
        </li>
      ))}
    </ol>
  )
}
