import { inMemoryDeadLetters } from '../../internal/consumer/testing/in-memory-dead-letters.ts'
import { fakeInventory } from '../../internal/inventory/testing/fake-inventory.ts'
import { inMemoryOrders } from '../../internal/order/testing/in-memory-orders.ts'
import type { OutboxEvent } from '../../internal/platform/outbox.ts'
import type { Seq, StoredEvent } from '../../internal/producer/domain/stored-event.ts'
import { inMemoryMailbox } from '../../internal/producer/testing/in-memory-mailbox.ts'
import type { Process } from './process.ts'
import type { World } from './world.ts'

export type Stores = ReturnType<typeof newStores>

/** One transaction in this many takes its sequence numbers early and commits late. */
const lateCommits = 0.08
const longestCommitMs = 700

/** What survives every crash: the database, as the in-memory stores that pass the contracts of the real ones. */
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

  /** Rows of one transaction: numbered now, seen by others when it has committed; row locks keep an aggregate's order. */
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
    inventory: fakeInventory(append),
    letters: inMemoryDeadLetters(),
    mailbox,
    /** Every event that was ever committed. */
    outbox: outbox as readonly OutboxEvent[],
    /** Which producer's session has which lane's lock. */
    lanes,
    /** Called after each commit. */
    wakers,
    /** What the outside subscriber has handled, by event id. */
    received: new Set<string>(),
    /** Of the effect that was just made. */
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
