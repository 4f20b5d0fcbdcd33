import type { Act } from '../../platform/act.ts'
import type { Once, Trace } from '../../platform/call.ts'
import type {
  Delivery,
  DeliveryChange,
  DeliveryId,
  DeliveryStatus,
  OrderId,
  UserId,
} from '../domain/delivery.ts'
import type { CartFacts, OrderFacts, ParcelFacts } from '../domain/facts.ts'
import type { Channel } from '../domain/kinds.ts'
import type { Preferences } from '../domain/preferences.ts'

/** What is stored with a change that staff have asked for. */
export type Asked = { readonly once: Once | undefined; readonly trace: Trace; readonly act: Act }

/** The deliveries that this service owns. Each write stores the new state and its events in one transaction. */
export type Deliveries = {
  /** Those of which there is one for the same event, channel, recipient and kind are left out. Returns how many are new. */
  readonly add: (deliveries: readonly Delivery[]) => Promise<number>
  /**
   * Queued messages by these channels that are due, for this worker until the lease ends. Those to accounts come first,
   * then those to staff, and last those about orders, of which there may be thousands.
   */
  readonly claim: (
    by: readonly Channel[],
    now: Date,
    leaseUntil: Date,
    limit: number,
  ) => Promise<readonly Delivery[]>
  /** Those that were being sent when their lease ended. */
  readonly lost: (now: Date, limit: number) => Promise<readonly Delivery[]>
  /** When the next one by these channels is due, or the lease of any ends; undefined when nothing waits. */
  readonly nextDue: (by: readonly Channel[]) => Promise<Date | undefined>
  /** Returns false, and stores nothing, when somebody else has changed it since it was read. */
  readonly store: (change: DeliveryChange, asked?: Asked) => Promise<boolean>
  /** Claimed ones that nothing was done with are free again, from `nextAt` on. */
  readonly release: (deliveries: readonly Delivery[], nextAt: Date) => Promise<void>
  readonly find: (id: DeliveryId) => Promise<Delivery | undefined>
  readonly findByRequest: (once: Once) => Promise<Delivery | undefined>
  /** Newest first. */
  readonly page: (filter: DeliveryFilter) => Promise<Page>
  /** Somebody's feed, newest first. */
  readonly feed: (userId: UserId, filter: FeedFilter) => Promise<Page & { readonly unread: number }>
  /** Undefined when it is not in the feed of this user. One that was read before stays as it is. */
  readonly markRead: (userId: UserId, id: DeliveryId, at: Date) => Promise<Delivery | undefined>
  /** Where the entry stands that was seen last, or the newest one without it. */
  readonly feedPosition: (userId: UserId, lastId: DeliveryId | undefined) => Promise<FeedPosition>
  /** For each reader what comes next, at most `limit` of it. Nothing comes later that stands before it. */
  readonly follow: (readers: readonly FeedReader[], limit: number) => Promise<readonly FollowedFeed[]>
  readonly countByStatus: () => Promise<Readonly<Partial<Record<DeliveryStatus, number>>>>
  /** Removes those that have ended before `before`. Returns how many. */
  readonly removeEnded: (before: Date, limit: number) => Promise<number>
}

export type Page = { readonly deliveries: readonly Delivery[]; readonly next: DeliveryId | undefined }

export type DeliveryFilter = {
  readonly status: DeliveryStatus | undefined
  readonly channel: Channel | undefined
  readonly limit: number
  readonly after: DeliveryId | undefined
}

export type FeedFilter = {
  readonly isUnreadOnly: boolean
  readonly limit: number
  readonly after: DeliveryId | undefined
}

export type FeedPosition = { readonly position: bigint; readonly lastId: DeliveryId | undefined }

export type FeedReader = { readonly userId: UserId; readonly position: bigint }

export type FollowedFeed = { readonly deliveries: readonly Delivery[]; readonly position: bigint }

/** What people have chosen. Whoever has chosen nothing is not in the answer. */
export type PreferenceStore = {
  readonly find: (userIds: readonly UserId[]) => Promise<ReadonlyMap<UserId, Preferences>>
  /** `choose` sees what is stored; two at once come one after the other. */
  readonly update: (
    userId: UserId,
    choose: (before: Preferences) => Preferences,
    at: Date,
  ) => Promise<Preferences>
}

/** How somebody is reached. The number of a phone is as it was given; empty where none was. */
export type Person = { readonly email: string; readonly name: string; readonly phone: string }

/** An order with its buyer, whose account has no address of its own here. */
export type BoughtOrder = {
  readonly facts: OrderFacts
  readonly userId: UserId | undefined
  /** The address that was given at the checkout; empty where none was. */
  readonly email: string
  readonly name: string
  /** Beside the addresses of its delivery and of its bill; empty where none was given. Undefined: it has no addresses. */
  readonly deliveryPhone: string | undefined
  readonly billingPhone: string | undefined
  /** Until when its stock is held for its payment; undefined when it is not, or without an end. */
  readonly heldUntil: Date | undefined
}

export type MailRequest = Omit<Person, 'phone'> & {
  readonly kind: string
  readonly token: string
  readonly expiresAt: Date
}

export type Attachment = {
  readonly filename: string
  readonly contentType: string
  readonly content: Uint8Array
}

/** Those who know what a message says. Each answers undefined for what there is not, or not any more. */
export type Owners = {
  readonly person: (userId: UserId, trace: Trace) => Promise<Person | undefined>
  readonly mailRequest: (requestId: string, trace: Trace) => Promise<MailRequest | undefined>
  readonly order: (orderId: OrderId, trace: Trace) => Promise<BoughtOrder | undefined>
  readonly parcel: (order: OrderFacts, shipmentId: string, trace: Trace) => Promise<ParcelFacts | undefined>
  readonly receipt: (receiptId: string, trace: Trace) => Promise<Attachment | undefined>
  readonly creditNote: (orderId: string, refundId: string, trace: Trace) => Promise<Attachment | undefined>
  /** Undefined when the cart is no longer abandoned. */
  readonly abandonedCart: (userId: UserId, cartId: string, trace: Trace) => Promise<CartFacts | undefined>
}

export type Mail = {
  readonly id: DeliveryId
  readonly to: Person
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly attachments: readonly Attachment[]
  /** Where the recipient can switch this off; undefined for what belongs to an order or an account. */
  readonly unsubscribeUrl: string | undefined
}

/** What became of a message. Only `unknown` leaves open whether it was sent. */
export type Outcome =
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'refused'
      readonly isFinal: boolean
      readonly failure: string
      /** Whoever refused asks not to come again before. */
      readonly afterMs?: number
    }
  | { readonly kind: 'unknown'; readonly failure: string }

/** A message as it goes over the wire. */
export type Message = { readonly to: string; readonly bytes: Buffer }

/** A connection to a mail server, or whoever else takes messages, on which nothing has been sent yet. */
export type Line = {
  /** Never throws: whatever goes wrong from here on is an outcome. */
  readonly send: (message: Message) => Promise<Outcome>
  /** Gives it back for the next mail; one that has broken is dropped. */
  readonly release: () => void
}

/** Takes the messages of one channel. */
export type Carrier = {
  readonly compose: (mail: Mail) => Promise<Message>
  /** Throws when nobody takes messages just now: then nothing was sent. */
  readonly connect: () => Promise<Line>
}
