import { openPool, prismaAdapter, type DatabaseOptions } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import type { WakeProducer } from '../platform/outbox.ts'
import { poolSql } from '../platform/pool-sql.ts'
import type { Scope } from '../platform/run.ts'
import type { Health } from '../platform/service.ts'
import { createSignal } from '../platform/signal.ts'
import type { StreamLimits } from '../platform/streams.ts'
import { wakeSubject } from '../platform/wake.ts'
import { relayOutbox } from './application/relay-outbox.ts'
import { scrubStreams } from './application/scrub-streams.ts'
import { watchBroker } from './application/watch-broker.ts'
import { PrismaClient } from './infrastructure/db/client.ts'
import { jetStreamBroker } from './infrastructure/jetstream-broker.ts'
import { postgresLaneLocks } from './infrastructure/lane-locks.ts'
import { keepPartitions } from './infrastructure/outbox-partitions.ts'
import { prismaMailbox, republishTimeoutMs, tidyUnpublished } from './infrastructure/prisma-mailbox.ts'
import { producerHealth } from './infrastructure/producer-health.ts'
import { runRelayLoop } from './infrastructure/relay-loop.ts'
import { startScrubLoop } from './infrastructure/run-scrub-loop.ts'
import { watchedServer } from './infrastructure/watched-server.ts'

export type ProducerServiceOptions = {
  readonly log: Log
  readonly database: DatabaseOptions
  readonly nats: Nats
  readonly streams: StreamLimits
  readonly scrub: ScrubSettings
}

/** How often the streams are read through, and how fast. */
export type ScrubSettings = { readonly intervalMs: number; readonly messagesPerSecond: number }

const partitionsEveryMs = 60_000

/** The producer, wired: relays one database's outbox until the scope closes. */
export async function openProducerService(
  scope: Scope,
  { log, database, nats, streams, scrub }: ProducerServiceOptions,
): Promise<{ readonly wake: WakeProducer; readonly health: Health }> {
  const pool = openPool(scope, log, { ...database, longestStatementMs: republishTimeoutMs })
  const db = new PrismaClient({ adapter: prismaAdapter(pool) })
  scope.onClose('producer prisma', () => db.$disconnect())
  const server = watchedServer(nats)
  const sql = poolSql(pool)
  const deps = {
    mailbox: prismaMailbox(db, sql),
    broker: jetStreamBroker(scope, nats, streams, server.isCurrent),
    now: () => new Date(),
  }
  const wake = createSignal()

  const keep = async (): Promise<void> => {
    if (!(await keepPartitions(db, deps.now(), streams.maxAgeDays)))
      log.warn("the outbox's partitions are left as they are: a long transaction is in the way")
  }
  await keep()
  const keeping = setInterval(() => {
    keep().catch((err: unknown) => log.error({ err }, "the outbox's partitions could not be kept"))
  }, partitionsEveryMs)

  const subscription = nats.connection.subscribe(wakeSubject, { callback: wake.notify })
  const locks = postgresLaneLocks(scope, log, database.url)
  const stop = new AbortController()
  const loop = runRelayLoop(
    {
      relay: relayOutbox(deps),
      watch: watchBroker(deps),
      tidy: tidyUnpublished(sql),
      locks,
      wake,
      server,
      log,
    },
    stop.signal,
  )
  scope.watch('outbox relay', loop)
  const scrubbing = startScrubLoop(
    { ...scrub, scrub: scrubStreams(deps), locks, isConnected: nats.isConnected, log },
    stop.signal,
  )
  scope.watch('scrub', scrubbing.ended)
  scope.onClose('outbox relay', async () => {
    clearInterval(keeping)
    subscription.unsubscribe()
    stop.abort()
    wake.notify()
    await Promise.all([loop, scrubbing.ended])
  })
  return { wake: wake.notify, health: producerHealth(deps.mailbox, nats, scrubbing.healedStreams) }
}
