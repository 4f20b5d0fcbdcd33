import type { CreatedOrder, OrderId, ProductId } from '../domain/created-order.ts'
import type { DeadLetter, DeadLetterId, DeadLetterStatus } from '../domain/dead-letter.ts'
import type { Trace } from '../../platform/call.ts'

/** What the inventory decided for one order. */
export type Decision = {
  readonly orderId: OrderId
  readonly outcome: 'held' | 'rejected' | 'released' | 'unknown-product'
  readonly shortages: readonly {
    readonly productId: ProductId
    readonly requested: number
    readonly available: number
  }[]
}

/** The inventory as it is commanded from here. Both commands are idempotent by order id. */
export type Inventory = {
  /** One decision for each order, in the same order. */
  readonly reserve: (orders: readonly CreatedOrder[]) => Promise<readonly Decision[]>
  readonly release: (ids: readonly OrderId[]) => Promise<void>
}

export type Settlement = {
  readonly orderId: OrderId
  readonly outcome: 'confirmed' | 'rejected'
  readonly reason: string
  readonly trace: Trace
}

/** The orders as they are commanded from here. */
export type Orders = {
  /** Idempotent by order id. Answers with the orders that do not exist. */
  readonly settle: (settlements: readonly Settlement[]) => Promise<readonly OrderId[]>
  readonly unsettled: (olderThanSeconds: number, limit: number) => Promise<readonly CreatedOrder[]>
  readonly unreleased: (olderThanSeconds: number, limit: number) => Promise<readonly OrderId[]>
  readonly markReleased: (ids: readonly OrderId[]) => Promise<void>
}

export type DeadLetterFilter = {
  readonly status: DeadLetterStatus | undefined
  readonly after: DeadLetterId | undefined
  readonly limit: number
}

export type DeadLetters = {
  /** A letter with a known (subscription, messageKey) is not stored again. */
  readonly add: (letter: DeadLetter) => Promise<void>
  readonly find: (id: DeadLetterId) => Promise<DeadLetter | undefined>
  /** Newest first. */
  readonly page: (
    filter: DeadLetterFilter,
  ) => Promise<{ readonly letters: readonly DeadLetter[]; readonly next: DeadLetterId | undefined }>
  /** Stores the new status if the old one still is `from`; false if somebody was quicker. */
  readonly resolve: (letter: DeadLetter, from: DeadLetterStatus) => Promise<boolean>
  readonly countOpen: () => Promise<number>
}

/** Publishes a dead letter again: the same ce-id under a new message id. Idempotent by (letter, requeues). */
export type Republish = (letter: DeadLetter) => Promise<void>
