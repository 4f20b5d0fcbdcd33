import type { DatabaseOptions } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import type { WakeProducer } from '../platform/outbox.ts'
import type { Scope } from '../platform/run.ts'
import type { Health } from '../platform/service.ts'
import type { StreamLimits } from '../platform/streams.ts'
import { wakeSubject } from '../platform/wake.ts'
import { scrubStreams } from './application/scrub-streams.ts'
import { databaseLabels } from './distinct-databases.ts'
import { openDatabaseRelay, type DatabaseRelay } from './infrastructure/database-relay.ts'
import { jetStreamBroker } from './infrastructure/jetstream-broker.ts'
import { producerHealth } from './infrastructure/producer-health.ts'
import { startScrubLoop } from './infrastructure/run-scrub-loop.ts'

export type ProducerServiceOptions = {
  readonly log: Log
  /** The distinct databases (see `distinctDatabases`): at least one, and in the same order for all producers. */
  readonly databases: readonly DatabaseOptions[]
  readonly nats: Nats
  readonly streams: StreamLimits
  readonly scrub: ScrubSettings
  /** How long the log of who did what is kept. */
  readonly activityLogDays: number
}

const dayMs = 86_400_000

/** How often and how fast the streams are scrubbed. */
export type ScrubSettings = { readonly intervalMs: number; readonly messagesPerSecond: number }

/**
 * Wires the producer, which relays the outbox of each database until the scope closes. It has started as soon as one
 * of the databases can be used; the others join when they are available.
 */
export async function openProducerService(
  scope: Scope,
  { log, databases, nats, streams, scrub, activityLogDays }: ProducerServiceOptions,
): Promise<{ readonly wake: WakeProducer; readonly health: Health }> {
  const stop = new AbortController()
  const labels = databaseLabels(databases)
  // Its event must have left the outbox before an entry goes: partitions of it go a day after the last event.
  const activityKeptMs = Math.max(activityLogDays, streams.maxAgeDays + 2) * dayMs
  const relays = databases.map((database, index) => ({
    label: labels[index] ?? '',
    ...openDatabaseRelay(
      scope,
      { log: logOf(log, labels, index), database, nats, streams, activityKeptMs },
      stop.signal,
    ),
  }))
  const wake = (): void => relays.forEach((relay) => relay.wake())
  const subscription = nats.connection.subscribe(wakeSubject, { callback: wake })
  const scrubbing = startScrubLoop(
    {
      ...scrub,
      scrub: scrubStreams({
        mailboxes: relays.map(({ mailbox }) => mailbox),
        broker: jetStreamBroker(scope, nats, streams),
        onFault: (err) =>
          log.warn({ err }, 'a database could not be told of a recreated stream; its relay will notice'),
      }),
      locks: scrubbersLocks(relays),
      isConnected: nats.isConnected,
      log,
    },
    stop.signal,
  )
  scope.watch('scrub', scrubbing.ended)
  scope.onClose('outbox relay', async () => {
    subscription.unsubscribe()
    stop.abort()
    await Promise.all([...relays.map(({ ended }) => ended), scrubbing.ended])
  })
  await firstOf(relays.map(({ prepared }) => prepared))
  return { wake, health: producerHealth(relays, nats, scrubbing.healedStreams) }
}

const logOf = (log: Log, labels: readonly string[], index: number): Log =>
  labels.length > 1 ? log.child({ database: labels[index] }) : log

/**
 * All databases share the streams, so one producer is enough: the one that owns the scrub's lane in the first
 * database.
 */
function scrubbersLocks([first]: readonly DatabaseRelay[]) {
  return { owned: async () => (first ? first.locks.owned() : []) }
}

/** Resolves when one attempt does. When all fail, it rejects with the first one's error. */
async function firstOf(attempts: readonly Promise<void>[]): Promise<void> {
  await Promise.any(attempts).catch(async () => attempts[0])
}
