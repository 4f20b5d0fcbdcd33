import { pino } from 'pino'
import { outboxLanes } from '../../internal/platform/outbox.ts'
import type { Nats } from '../../internal/platform/nats.ts'
import type { Signal } from '../../internal/platform/signal.ts'
import { relayOutbox } from '../../internal/producer/application/relay-outbox.ts'
import { watchBroker } from '../../internal/producer/application/watch-broker.ts'
import type { LaneLocks } from '../../internal/producer/infrastructure/lane-locks.ts'
import { runRelayLoop } from '../../internal/producer/infrastructure/relay-loop.ts'
import { watchedServer } from '../../internal/producer/infrastructure/watched-server.ts'
import { publishingPort } from './broker-ports.ts'
import type { Parts } from './parts.ts'
import { arriveAt, type Process } from './process.ts'

const silent = pino({ level: 'silent' })
/** Longer than the product's interval, because polls that find nothing cost the simulation time. */
const pollMs = 900
const askLocksEveryMs = 1_000

/** Runs the real relay loop with the outbox and the broker of the simulation. */
export function startProducer(parts: Parts, process: Process): void {
  const { world, network, stores, now } = parts
  const mailbox = network.over(process, 'mailbox', stores.mailbox)
  const server = watchedServer(connectionOf(parts, process))
  const broker = publishingPort({ ...parts, process }, server.isCurrent)
  const deps = { mailbox, broker, now: () => now(process) }
  const watch = watchBroker(deps)
  const wake = wakeSignal(parts, process)
  const loop = {
    relay: relayOutbox(deps),
    watch: async () => {
      const lost = await watch()
      if (lost.length > 0) world.count('epoch')
      return lost
    },
    tidy: async () => {}, // what lies in memory needs no vacuum
    locks: laneLocks(parts, process),
    wake,
    log: silent,
    server,
    stuck: new Map<string, string>(),
  }
  process.stop.signal.addEventListener('abort', wake.notify)
  void runRelayLoop(loop, process.stop.signal)
}

/** The part of a connection that the relay uses. */
function connectionOf({ broker }: Parts, process: Process): Nats {
  const connection = {
    get info() {
      return { server_id: process.server }
    },
  }
  return { connection, isConnected: () => broker.isConnected(process) } as unknown as Nats
}

/** The same as internal/platform/signal.ts, but with less frequent polls. */
function wakeSignal({ world, stores, faults }: Parts, process: Process): Signal {
  let notified = false
  let wake: (() => void) | undefined
  const signal: Signal = {
    notify() {
      notified = true
      wake?.()
    },
    async wait() {
      if (!notified) {
        await new Promise<void>((resolve) => {
          wake = resolve
          arriveAt(world, process, pollMs, resolve)
        })
        wake = undefined
      }
      notified = false
    },
  }
  const heard = (): void => {
    if (!process.alive) return void stores.wakers.delete(heard)
    if (!faults.strikes('lost wake-up', process)) arriveAt(world, process, 1, signal.notify)
  }
  stores.wakers.add(heard)
  return signal
}

/**
 * A model of postgresLaneLocks, which are advisory locks of one session. When a session breaks, its locks are free at
 * once, but their owner notices it late. Then two producers work on the same lane.
 */
function laneLocks(parts: Parts, process: Process): LaneLocks {
  const { world, network } = parts
  let lanes: readonly number[] = []
  let askedAt = 0
  return {
    async owned() {
      const now = world.time.now()
      if (process.locksLostUntil > 0 && process.locksLostUntil <= now) {
        process.locksLostUntil = 0
        lanes = []
      }
      if (lanes.length < outboxLanes && now - askedAt >= askLocksEveryMs) {
        askedAt = now
        lanes = await network.ask({ process, label: 'asks for lanes', run: () => takeLanes(parts, process) })
      }
      return lanes
    },
  }
}

function takeLanes({ world, stores }: Parts, process: Process): readonly number[] {
  for (let lane = 0; lane < outboxLanes; lane++) {
    const owner = stores.lanes.get(lane)
    if (owner?.alive && owner.locksLostUntil === 0) continue
    if (owner?.alive && owner.locksLostUntil > world.time.now()) world.count('two producers on one lane')
    stores.lanes.set(lane, process)
  }
  return [...stores.lanes].filter(([, owner]) => owner === process).map(([lane]) => lane)
}
