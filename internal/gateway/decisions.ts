import type { Subscription } from '@nats-io/nats-core'
import type { OrderSchema } from '../gen/order/v1/order_pb.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import type { Wire } from '../platform/wire.ts'
import { decisionSubjects } from './event-subjects.ts'
import { within } from './within.ts'

type Order = Wire<typeof OrderSchema>

export type Decisions = {
  /** Resolves with the order when it is no longer pending, or with its state after `waitMs`. */
  readonly settled: (order: Order, waitMs: number, read: () => Promise<Order>) => Promise<Order>
  /** Ends all waiting. Every waiter gets the order as it is now. */
  readonly stop: () => void
}

/** The order is also read at this interval, in case a message is missed. */
const defaultReadEveryMs = 250

type Waiter = { wake: () => void; wasWoken: boolean }

/**
 * Listens to decisions as they are published, but only while somebody waits, because there may be thousands a second.
 */
export function decisionFeed(nats: Nats | undefined, log: Log, readEveryMs = defaultReadEveryMs): Decisions {
  const waiters = new Map<string, Set<Waiter>>()
  let subscriptions: readonly Subscription[] = []
  let stopped = false

  const wakeAll = (ids: Iterable<string>): void => {
    for (const id of ids) for (const waiter of waiters.get(id) ?? []) wake(waiter)
  }

  async function join(id: string): Promise<Waiter> {
    const waiter: Waiter = { wake: () => {}, wasWoken: false }
    waiters.set(id, (waiters.get(id) ?? new Set()).add(waiter))
    if (!nats?.isConnected() || subscriptions.length > 0) return waiter
    subscriptions = decisionSubjects.map((subject) =>
      nats.connection.subscribe(subject, {
        callback(err, message) {
          if (err) log.warn({ err }, 'the event of a decision could not be received')
          else wakeAll([message.headers?.get('ce-subject') || ''])
        },
      }),
    )
    // The flush waits until the server knows of the subscription, so that no decision is missed. It fails when the
    // server has just gone away, which does not matter because the order is also read.
    await within(readEveryMs, nats.connection.flush()).catch(() => undefined)
    return waiter
  }

  function leave(id: string, waiter: Waiter): void {
    const others = waiters.get(id)
    others?.delete(waiter)
    if (others?.size === 0) waiters.delete(id)
    if (waiters.size > 0) return
    for (const subscription of subscriptions) subscription.unsubscribe()
    subscriptions = []
  }

  return {
    async settled(order, waitMs, read) {
      if (order.status !== 'pending') return order
      const until = performance.now() + waitMs
      const waiter = await join(order.id)
      try {
        for (;;) {
          const current = await read().catch(() => order) // a failed read changes nothing about the order
          const leftMs = until - performance.now()
          if (current.status !== 'pending' || leftMs <= 0 || stopped) return current
          await woken(waiter, Math.min(readEveryMs, leftMs))
        }
      } finally {
        leave(order.id, waiter)
      }
    },
    stop() {
      stopped = true
      wakeAll(waiters.keys())
    },
  }
}

function wake(waiter: Waiter): void {
  waiter.wasWoken = true
  waiter.wake()
}

/** Resolves at once when the waiter was woken before it slept, while the order was being read. */
function woken(waiter: Waiter, atMostMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, atMostMs)
    function done(): void {
      clearTimeout(timer)
      waiter.wasWoken = false
      resolve()
    }
    waiter.wake = done
    if (waiter.wasWoken) done()
  })
}
