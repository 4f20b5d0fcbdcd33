import { captured, disputed, refunded, type Dispute, type Payment, type Refund } from '../payment.ts'
import { amountOf } from './mollie-units.ts'

const iso = (ms: number): string => new Date(ms).toISOString()

/** Ours are the method names of Stripe. */
export const methodNames: Readonly<Record<string, string>> = {
  card: 'creditcard',
  ideal: 'ideal',
  paypal: 'paypal',
}

export function molliePayment(payment: Payment, publicUrl: string, embed: readonly string[]) {
  const { ref, status, currency, failure } = payment
  const taken = captured(payment)
  const back = refunded(payment)
  const isOpen = status === 'action_required'
  return {
    resource: 'payment',
    id: ref,
    mode: 'test',
    createdAt: iso(payment.createdAt),
    amount: amountOf(payment.amount, currency),
    description: payment.description,
    method: methodNames[payment.method],
    metadata: payment.metadata,
    status: statuses[status],
    isCancelable: false,
    captureMode: payment.captureLater ? 'manual' : 'automatic',
    ...(payment.captureLater && payment.chargeId !== '' ? { authorizedAt: iso(payment.createdAt) } : {}),
    ...(status === 'authorized' && payment.wakeAt !== undefined
      ? { captureBefore: iso(payment.wakeAt) }
      : {}),
    ...(isOpen && payment.wakeAt !== undefined ? { expiresAt: iso(payment.wakeAt) } : {}),
    ...(taken > 0
      ? {
          paidAt: iso(payment.captures[0]?.at ?? payment.createdAt),
          amountRefunded: amountOf(back, currency),
          amountRemaining: amountOf(taken - back, currency),
          amountCaptured: amountOf(taken, currency),
        }
      : {}),
    ...(payment.disputes.length > 0 ? { amountChargedBack: amountOf(disputed(payment), currency) } : {}),
    ...(failure
      ? { statusReason: { code: failure.declineCode || failure.code, message: failure.message } }
      : {}),
    redirectUrl: payment.returnUrl,
    webhookUrl: payment.notifyUrl,
    ...(embed.length > 0 ? { _embedded: embedded(payment, embed) } : {}),
    _links: {
      self: { href: `${publicUrl}/v2/payments/${ref}`, type: 'application/hal+json' },
      ...(isOpen ? { checkout: { href: `${publicUrl}/pay/${ref}`, type: 'text/html' } } : {}),
    },
  }
}

const statuses: Readonly<Record<Payment['status'], string>> = {
  action_required: 'open',
  authorized: 'authorized',
  captured: 'paid',
  failed: 'failed',
  canceled: 'canceled',
  expired: 'expired',
  lapsed: 'expired',
}

function embedded(payment: Payment, embed: readonly string[]): object {
  // A payment that is captured by itself has no captures to list.
  const captures = payment.captureLater ? payment.captures : []
  return {
    ...(embed.includes('captures') ? { captures: captures.map((one) => mollieCapture(payment, one)) } : {}),
    ...(embed.includes('refunds')
      ? { refunds: payment.refunds.map((one) => mollieRefund(payment, one)) }
      : {}),
    ...(embed.includes('chargebacks')
      ? { chargebacks: payment.disputes.map((one) => mollieChargeback(payment, one)) }
      : {}),
  }
}

export function mollieCapture(payment: Payment, { id, amount, at, metadata }: Payment['captures'][number]) {
  return {
    resource: 'capture',
    id,
    mode: 'test',
    amount: amountOf(amount, payment.currency),
    status: 'succeeded',
    metadata,
    paymentId: payment.ref,
    createdAt: iso(at),
  }
}

export function mollieRefund(payment: Payment, { id, amount, status, at, metadata }: Refund) {
  return {
    resource: 'refund',
    id,
    mode: 'test',
    amount: amountOf(amount, payment.currency),
    status: status === 'succeeded' ? 'refunded' : status,
    createdAt: iso(at),
    metadata,
    paymentId: payment.ref,
  }
}

/** Mollie knows no inquiries: an open chargeback has been taken, and one that is won has a time of reversal. */
export function mollieChargeback(payment: Payment, { id, amount, status, at, reason }: Dispute) {
  return {
    resource: 'chargeback',
    id,
    amount: amountOf(amount, payment.currency),
    createdAt: iso(at),
    reason: { code: reason, description: reason },
    reversedAt: status === 'won' || status === 'closed' ? iso(at) : null,
    paymentId: payment.ref,
  }
}
