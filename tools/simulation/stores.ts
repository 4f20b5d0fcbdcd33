import { inMemoryDeadLetters } from '../../internal/consumer/testing/in-memory-dead-letters.ts'
import { inMemoryCarts } from '../../internal/cart/testing/in-memory-carts.ts'
import { parseCategoryId, type CategoryId } from '../../internal/inventory/domain/ids.ts'
import { fakeInventory } from '../../internal/inventory/testing/fake-inventory.ts'
import { inMemoryDeliveries } from '../../internal/notification/testing/in-memory-deliveries.ts'
import { inMemoryWebhooks } from '../../internal/notification/testing/in-memory-webhooks.ts'
import { inMemoryOrders } from '../../internal/order/testing/in-memory-orders.ts'
import { inMemoryPayments } from '../../internal/payment/testing/in-memory-payments.ts'
import { inMemoryPricing } from '../../internal/pricing/testing/in-memory-pricing.ts'
import type { OutboxEvent } from '../../internal/platform/outbox.ts'
import type { Seq, StoredEvent } from '../../internal/producer/domain/stored-event.ts'
import { inMemoryMailbox } from '../../internal/producer/testing/in-memory-mailbox.ts'
import type { Process } from './process.ts'
import type { World } from './world.ts'

export type Stores = ReturnType<typeof newStores>

/** The share of transactions that take their sequence numbers early and commit late. */
const lateCommits = 0.08
const longestCommitMs = 700

/**
 * The database, which survives every crash. It consists of in-memory stores that pass the contract suites of the real
 * ones.
 */
export function newStores(world: World) {
  const random = world.random('commits')
  const mailbox = inMemoryMailbox(() => new Date(world.time.now()))
  const outbox: OutboxEvent[] = []
  const visibleAt = new Map<string, number>()
  const lanes = new Map<number, Process>()
  const wakers = new Set<() => void>()
  let lastSeq = 0
  let highestVisible = 0
  let commitMs = 0
  let categories = 0
  /** The same in each run, because the id decides which producer relays the events. */
  const newCategoryId = (): CategoryId =>
    parseCategoryId(`00000000-0000-7000-8000-${String(++categories).padStart(12, '0')}`)

  /**
   * Adds the rows of one transaction. They get their numbers now, and others see them when the transaction has
   * committed. Row locks keep the events of an aggregate in order.
   */
  function append(events: readonly OutboxEvent[]): void {
    if (events.length === 0) return
    const now = world.time.now()
    const drawnMs = random.chance(lateCommits) ? random.integer(1, longestCommitMs) : 0
    const earlier = Math.max(0, ...events.map(({ aggregateId }) => visibleAt.get(aggregateId) ?? 0))
    commitMs = Math.max(commitMs, drawnMs, earlier < now ? 0 : earlier - now + 1)
    for (const { aggregateId } of events) visibleAt.set(aggregateId, now + commitMs)
    outbox.push(...events)
    const rows = events.map((event) => storedEvent(event, ++lastSeq))
    const last = lastSeq
    const commit = (): void => {
      if (last < highestVisible) world.count('late commit')
      highestVisible = Math.max(highestVisible, last)
      void mailbox.put(rows)
      for (const wake of wakers) wake()
    }
    if (commitMs === 0) commit()
    else world.time.after(commitMs, commit)
  }

  return {
    orders: inMemoryOrders(append),
    inventory: fakeInventory(append, newCategoryId),
    payments: inMemoryPayments(append),
    carts: inMemoryCarts(append),
    pricing: inMemoryPricing(),
    deliveries: inMemoryDeliveries(),
    webhooks: inMemoryWebhooks(),
    letters: inMemoryDeadLetters(),
    mailbox,
    /** All committed events. */
    outbox: outbox as readonly OutboxEvent[],
    /** The session of a producer that has the lock of each lane. */
    lanes,
    /** Are called after each commit. */
    wakers,
    /** The ids of the events that the outside subscriber has handled. */
    received: new Set<string>(),
    /** The duration of the commit of the effect that was just made. */
    takeCommitMs(): number {
      const ms = commitMs
      commitMs = 0
      return ms
    },
  }
}

function storedEvent(event: OutboxEvent, seq: number): StoredEvent {
  const { aggregateType, aggregateId, aggregateVersion, headers, data, ...rest } = event
  return {
    ...rest,
    ...headers,
    seq: BigInt(seq) as Seq,
    aggregate: `${aggregateType} ${aggregateId}`,
    aggregateId,
    aggregateVersion,
    data: JSON.stringify(data),
    generation: 0,
    attempts: 0,
  }
}
