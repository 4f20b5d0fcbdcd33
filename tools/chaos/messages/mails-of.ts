/** An event as it was stored; `data` is JSON. */
export type OutboxEvent = {
  readonly id: string
  readonly subject: string
  readonly data: string
  readonly aggregate: string
  readonly version: number
  readonly at: Date
}

type Data = {
  readonly order?: { readonly holdUntil?: string }
  readonly kind?: string
  readonly role?: string
}

const always: Readonly<Record<string, string>> = {
  'order.created': 'order.placed',
  'order.rejected': 'order.rejected',
  'shipment.shipped': 'order.shipped',
  'shipment.delivered': 'order.delivered',
  'return.requested': 'return.requested',
  'return.approved': 'return.approved',
  'return.declined': 'return.declined',
  'return.received': 'return.received',
  'return.refunded': 'return.refunded',
  'payment.failed': 'order.payment-failed',
  'refund.succeeded': 'order.refunded',
  'user.email_verification_requested': 'account.email-verification',
  'user.password_reset_requested': 'account.password-reset',
}

/** The kinds of mails that follow from an event, as docs/notifications.md has them, written down once more. */
export function mailsOf({ subject, data }: Pick<OutboxEvent, 'subject' | 'data'>): readonly string[] {
  const kind = always[subject]
  if (kind !== undefined) return [kind]
  if (!['order.confirmed', 'receipt.issued', 'user.created'].includes(subject)) return []
  const told = JSON.parse(data) as Data // an event of ours, whose contract has these fields
  if (subject === 'user.created') return told.role === 'customer' ? ['account.welcome'] : []
  if (subject === 'receipt.issued') return told.kind === 'receipt' ? ['order.paid'] : []
  return told.order?.holdUntil === undefined ? ['order.confirmed'] : ['order.confirmed', 'order.hold-ending']
}
