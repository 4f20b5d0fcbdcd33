import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '@nats-io/transport-node'
import { natsOptions } from '../../internal/platform/nats-access.ts'
import { createMeter } from '../shared/meter.ts'
import type { Latency } from '../shared/meter.ts'

/** Orders that wait for their decision. A decision counts when its event arrives, which is after its transaction. */
export type Decisions = {
  /** Waits for the decision of an order. */
  readonly expect: (orderId: string, sentAt: number) => Promise<void>
  /** The number of orders that are placed and not decided. */
  readonly open: () => number
  readonly settled: () => number
  readonly confirmed: () => number
  readonly lastAt: () => number
  readonly settle: () => Latency
  /** Resolves with true when all are decided, and with false when no decision arrives for a long time. */
  readonly allDecided: () => Promise<boolean>
  readonly reset: () => void
  readonly close: () => Promise<void>
}

type Waiting = { readonly sentAt: number; readonly resolve: () => void }
type Heard = { readonly at: number; readonly isConfirmed: boolean }

/** Longer than the sweeper needs for orders whose event was lost. */
const patienceMs = 90_000
const pollMs = 5

export async function hearDecisions(natsUrl: string, subjects: readonly string[]): Promise<Decisions> {
  const nats = await connect({ ...natsOptions(natsUrl), name: 'tillstream bench' })
  const waiting = new Map<string, Waiting>()
  /** Decisions that arrived before the answer to the POST was read. */
  const early = new Map<string, Heard>()
  const meter = createMeter()
  let [confirmed, lastAt] = [0, performance.now()]

  function count({ sentAt, resolve }: Waiting, { at, isConfirmed }: Heard): void {
    meter.record(at - sentAt)
    if (isConfirmed) confirmed++
    lastAt = Math.max(lastAt, at)
    resolve()
  }

  function hear(orderId: string, heard: Heard): void {
    const order = waiting.get(orderId)
    if (order) count(order, heard)
    else early.set(orderId, heard)
    waiting.delete(orderId)
  }

  for (const subject of subjects) {
    const isConfirmed = subject === 'order.confirmed' || subject === 'order.paid'
    const callback = (err: Error | null, message: { headers?: { get: (name: string) => string } }): void => {
      if (!err) hear(message.headers?.get('ce-subject') ?? '', { at: performance.now(), isConfirmed })
    }
    nats.subscribe(subject, { callback })
  }
  await nats.flush()

  return {
    expect: (orderId, sentAt) =>
      new Promise((resolve) => {
        const heard = early.get(orderId)
        if (heard) count({ sentAt, resolve }, heard)
        else waiting.set(orderId, { sentAt, resolve })
        early.delete(orderId)
      }),
    open: () => waiting.size,
    settled: () => meter.count(),
    confirmed: () => confirmed,
    lastAt: () => lastAt,
    settle: () => meter.latency(),
    async allDecided() {
      const asked = performance.now()
      while (waiting.size > 0) {
        if (performance.now() - Math.max(lastAt, asked) > patienceMs) return false
        await sleep(pollMs)
      }
      return true
    },
    reset() {
      meter.reset()
      early.clear()
      confirmed = 0
    },
    close: () => nats.close(),
  }
}
