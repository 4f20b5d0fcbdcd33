/** What customers can be told of. */
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

/** What those who run the shop are told of. */
export const staffKinds = [
  'staff.dead-letter',
  'staff.payment-mismatch',
  'staff.dispute-opened',
  'staff.dispute-lost',
  'staff.low-stock',
  'staff.endpoint-paused',
] as const

export type CustomerKind = (typeof kinds)[number]
export type StaffKind = (typeof staffKinds)[number]
export type Kind = CustomerKind | StaffKind

export const customerChannels = ['email', 'feed', 'sms'] as const
/** Staff share an address and a channel of Slack, and have no feed of their own. */
export const staffChannels = ['email', 'slack'] as const

export const channels = ['email', 'feed', 'sms', 'slack'] as const

export type Channel = (typeof channels)[number]

/**
 * They are not in the feed, which has what happens while nobody looks. That an order was placed its buyer knows, and it
 * would be a row for each order.
 */
const outsideTheFeed: readonly Kind[] = [
  'account.welcome',
  'account.email-verification',
  'account.password-reset',
  'order.placed',
  // It is written long before it is told, and by then the order may be paid.
  'order.hold-ending',
]

/** What somebody wants to know while they are under way. Each text message costs the shop money. */
export const smsKinds = [
  'order.payment-failed',
  'order.hold-ending',
  'order.shipped',
  'order.delivered',
] as const satisfies readonly CustomerKind[]

export type SmsKind = (typeof smsKinds)[number]

export const isSmsKind = (kind: Kind): kind is SmsKind => smsKinds.some((each) => each === kind)

const channelsByKind: ReadonlyMap<Kind, readonly Channel[]> = new Map<Kind, readonly Channel[]>([
  ...staffKinds.map((kind) => [kind, staffChannels] as const),
  ...kinds.map((kind) => [kind, customerChannels.filter((channel) => hasWords(kind, channel))] as const),
])

/** It is looked up, because this is asked for each order. */
export const channelsOf = (kind: Kind): readonly Channel[] => channelsByKind.get(kind) ?? []

function hasWords(kind: CustomerKind, channel: Channel): boolean {
  if (channel === 'sms') return isSmsKind(kind)
  return channel === 'email' || !outsideTheFeed.includes(kind)
}

/** All else belongs to an order or an account, and can't be switched off. */
const optional: readonly Kind[] = ['cart.abandoned']

/** A text message says nothing that the mail does not say, so each kind of them can be switched off. */
export const isOptional = (kind: Kind, channel: Channel): boolean =>
  channel === 'sms' || optional.includes(kind)

export const isKind = (text: string): text is CustomerKind => kinds.some((kind) => kind === text)
export const isStaffKind = (text: string): text is StaffKind => staffKinds.some((kind) => kind === text)
export const isChannel = (text: string): text is Channel => channels.some((channel) => channel === text)
