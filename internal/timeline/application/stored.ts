import type { Part } from '../domain/entry.ts'
import type { InboxFacts, Money } from '../domain/money-part.ts'
import type { OrderFacts, ParcelFacts } from '../domain/order-part.ts'
import type { Window } from '../domain/timeline.ts'
import type { ActFacts, DeadLetterFacts, EventFacts, MessageFacts } from '../domain/told-part.ts'

/** `version` counts the events that were stored of it. */
type Counted = { readonly version: number }

export type StoredOrder = {
  readonly order: OrderFacts & Counted
  readonly parcels: readonly (ParcelFacts & Counted)[]
}

/** `decidedAt`: a refusal moves nothing. */
export type StoredStock = Counted & { readonly part: Part; readonly decidedAt: readonly Date[] }

export type StoredMoney = Counted & Omit<Money, 'inbox'>

/** What services have stored. What has no index by order is looked up in spans of time. */
export type Stored = {
  readonly order: (id: string) => Promise<StoredOrder | undefined>
  readonly stock: (orderId: string) => Promise<StoredStock>
  readonly money: (orderId: string) => Promise<StoredMoney>
  /** What providers have sent about these payments. */
  readonly inbox: (payments: Money['payments'], windows: readonly Window[]) => Promise<readonly InboxFacts[]>
  readonly events: (
    aggregates: readonly string[],
    windows: readonly Window[],
  ) => Promise<readonly EventFacts[]>
  readonly acts: (subjects: readonly string[], windows: readonly Window[]) => Promise<readonly ActFacts[]>
  readonly deadLetters: (eventIds: readonly string[]) => Promise<readonly DeadLetterFacts[]>
  readonly messages: (eventIds: readonly string[]) => Promise<readonly MessageFacts[]>
}
