import type { Webhook } from '../../application/provider.ts'

const largestBytes = 1_024

/** Mollie signs nothing and tells only an id, so anybody can send one: all that it may cause is that we ask Mollie. */
export function mollieWebhook(rawBody: Uint8Array): Webhook {
  const forged: Webhook = { kind: 'forged', reason: 'it carries no id of a payment' }
  if (rawBody.length > largestBytes) return forged
  const id = new URLSearchParams(Buffer.from(rawBody).toString('utf8')).get('id') ?? ''
  if (/^tr_\w{1,64}$/.test(id)) return { kind: 'hint', eventId: undefined, ref: id, what: 'payment' }
  // Of other things of Mollie's, such as a subscription.
  return /^[a-z]{2,12}_\w{1,64}$/.test(id) ? { kind: 'ignored', eventId: undefined, what: id } : forged
}
