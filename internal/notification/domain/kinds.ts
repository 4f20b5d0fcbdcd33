/** What people can be told of. */
export const kinds = [
  'account.welcome',
  'account.email-verification',
  'account.password-reset',
  'order.placed',
  'order.confirmed',
  'order.rejected',
  'order.paid',
  'order.payment-failed',
  'order.hold-ending',
  'order.shipped',
  'order.delivered',
  'order.refunded',
  'return.requested',
  'return.approved',
  'return.declined',
  'return.received',
  'return.refunded',
  'cart.abandoned',
] as const

export type Kind = (typeof kinds)[number]

export const channels = ['email', 'feed'] as const

export type Channel = (typeof channels)[number]

/**
 * The feed has what happens while nobody looks. That an order was placed its buyer knows, and it would be a row for each
 * order.
 */
const byMailOnly: readonly Kind[] = [
  'account.welcome',
  'account.email-verification',
  'account.password-reset',
  'order.placed',
  // It is written long before it is told, and by then the order may be paid.
  'order.hold-ending',
]

export const channelsOf = (kind: Kind): readonly Channel[] =>
  byMailOnly.includes(kind) ? ['email'] : channels

/** All else belongs to an order or an account, and can't be switched off. */
const optional: readonly Kind[] = ['cart.abandoned']

export const isOptional = (kind: Kind): boolean => optional.includes(kind)

export const isKind = (text: string): text is Kind => kinds.some((kind) => kind === text)
export const isChannel = (text: string): text is Channel => channels.some((channel) => channel === text)
