import type Stripe from 'stripe'
import type { Webhook, WebhookHeaders } from '../../application/provider.ts'

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

type Fields = { readonly object?: unknown; readonly id?: unknown; readonly payment_intent?: unknown }

/** Our own call has made it, and its answer, or a question for it, says more. */
const saysNothingNew = 'payment_intent.created'

function hintOf({ id: eventId, type: what, data }: Stripe.Event): Webhook {
  // Which object it is depends on the type; only these two fields are used, and only if they are texts.
  const { object, id, payment_intent: intent }: Fields = data.object
  const ref = object === 'payment_intent' ? id : intent
  return typeof ref === 'string' && what !== saysNothingNew
    ? { kind: 'hint', eventId, ref, what }
    : { kind: 'ignored', eventId, what }
}
