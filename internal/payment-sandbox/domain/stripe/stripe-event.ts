import type { FactType, Moment, Payment } from '../payment.ts'
import type { KeptEvent } from '../world.ts'
import { paymentIntent, stripeDispute, stripeRefund } from './stripe-json.ts'

const types: Readonly<Record<FactType, string>> = {
  created: 'payment_intent.created',
  action_required: 'payment_intent.requires_action',
  authorized: 'payment_intent.amount_capturable_updated',
  captured: 'payment_intent.succeeded',
  failed: 'payment_intent.payment_failed',
  canceled: 'payment_intent.canceled',
  'refund.created': 'refund.created',
  'refund.updated': 'refund.updated',
  'refund.failed': 'refund.failed',
  'dispute.created': 'charge.dispute.created',
  'dispute.closed': 'charge.dispute.closed',
}

type Teller = Moment & { readonly publicUrl: string; readonly key: string }

/** The event with the object as it is now, or undefined for an object that does not exist. */
export function stripeEvent(tx: Teller, payment: Payment, fact: FactType, id: string): KeptEvent | undefined {
  const object = objectOf(tx, payment, id)
  if (object === undefined) return undefined
  const eventId = tx.newId('evt_')
  const type = types[fact]
  const body = JSON.stringify({
    id: eventId,
    object: 'event',
    api_version: apiVersion,
    created: Math.floor(tx.now / 1_000),
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: tx.key || null },
    type,
  })
  return { id: eventId, type, body, at: tx.now }
}

const apiVersion = '2026-10-28.endive'

function objectOf(tx: Teller, payment: Payment, id: string): object | undefined {
  if (id === payment.ref) return paymentIntent(payment, tx.publicUrl)
  const refund = payment.refunds.find((one) => one.id === id)
  if (refund) return stripeRefund(payment, refund)
  const dispute = payment.disputes.find((one) => one.id === id)
  return dispute && stripeDispute(payment, dispute)
}
