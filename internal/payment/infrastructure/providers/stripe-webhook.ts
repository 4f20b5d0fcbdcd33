import type Stripe from 'stripe'
import type { Money } from '../../../platform/money.ts'
import type { Webhook, WebhookHeaders } from '../../application/provider.ts'
import { fromStripe } from './stripe-units.ts'

/** A webhook that is older counts as a recording that somebody plays again. */
const toleranceSeconds = 300

export function stripeWebhook(
  stripe: Stripe,
  secret: string,
  headers: WebhookHeaders,
  rawBody: Uint8Array,
): Webhook {
  const signature = headers['stripe-signature']
  if (typeof signature !== 'string') return { kind: 'forged', reason: 'it has no signature' }
  try {
    const body = Buffer.from(rawBody)
    const event = stripe.webhooks.constructEvent(body, signature, secret, toleranceSeconds)
    return hintOf(event)
  } catch (err) {
    return { kind: 'forged', reason: err instanceof Error ? err.message : String(err) }
  }
}

type Fields = Readonly<
  Partial<Record<'object' | 'id' | 'payment_intent' | 'amount_received' | 'currency', unknown>>
>

/** Our own call has made it, and its answer, or a question for it, says more. */
const saysNothingNew = 'payment_intent.created'

function hintOf({ id: eventId, type: what, data }: Stripe.Event): Webhook {
  // Which object it is depends on the type; its fields are used only if they are of the type that is expected.
  const { object, id, payment_intent: intent }: Fields = data.object
  const ref = object === 'payment_intent' ? id : intent
  return typeof ref === 'string' && what !== saysNothingNew
    ? { kind: 'hint', eventId, ref, what, captured: capturedOf(what, data.object) }
    : { kind: 'ignored', eventId, what }
}

/** Refunds and disputes, which the object may have as well, are told of by events of their own. */
function capturedOf(what: string, { amount_received: amount, currency }: Fields): Money | undefined {
  if (what !== 'payment_intent.succeeded' || typeof amount !== 'number' || typeof currency !== 'string')
    return undefined
  const ours = currency.toUpperCase()
  return { minor: fromStripe(amount, ours), currency: ours }
}
