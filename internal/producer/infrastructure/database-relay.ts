import { openPool, prismaAdapter, type DatabaseOptions } from '../../platform/database.ts'
import type { Log } from '../../platform/log.ts'
import type { Nats } from '../../platform/nats.ts'
import type { WakeProducer } from '../../platform/outbox.ts'
import { poolSql } from '../../platform/pool-sql.ts'
import type { Scope } from '../../platform/run.ts'
import { createSignal } from '../../platform/signal.ts'
import { streams as allStreams, type StreamLimits } from '../../platform/streams.ts'
import type { Broker } from '../application/broker.ts'
import type { Mailbox } from '../application/mailbox.ts'
import { relayOutbox } from '../application/relay-outbox.ts'
import { watchBroker } from '../application/watch-broker.ts'
import { PrismaClient } from './db/client.ts'
import { jetStreamBroker } from './jetstream-broker.ts'
import { postgresLaneLocks, type LaneLocks } from './lane-locks.ts'
import { keepPartitions } from './outbox-partitions.ts'
import { prismaMailbox, republishTimeoutMs, tidyUnpublished } from './prisma-mailbox.ts'
import { runRelayLoop } from './relay-loop.ts'
import { removeOldActivity, sweepActivity } from './remove-old-activity.ts'
import { watchedServer } from './watched-server.ts'

const partitionsEveryMs = 60_000

export type DatabaseRelayOptions = {
  readonly log: Log
  readonly database: DatabaseOptions
  readonly nats: Nats
  readonly streams: StreamLimits
  /** How long the log of who did what is kept. */
  readonly activityKeptMs: number
}

export type DatabaseRelay = {
  readonly mailbox: Mailbox
  readonly locks: LaneLocks
  /** The families of events that the broker cannot take now, with the reason. */
  readonly stuck: ReadonlyMap<string, string>
  /** The streams that the broker has no room for. */
  readonly noRoom: ReadonlySet<string>
  readonly wake: WakeProducer
  /** Rejects when the database could not be prepared. The relay keeps trying nevertheless. */
  readonly prepared: Promise<void>
  readonly ended: Promise<void>
}

/**
 * Relays the outbox of one database until `stopped`. It shares only the connection to the broker with the relays of
 * other databases, so that when one database is away only its own events wait. Each relay watches the streams by
 * itself, because it compares them with what the broker has acknowledged of the events of its own database.
 */
export function openDatabaseRelay(
  scope: Scope,
  { log, database, nats, streams, activityKeptMs: keptMs }: DatabaseRelayOptions,
  stopped: AbortSignal,
): DatabaseRelay {
  const pool = openPool(scope, log, { ...database, longestStatementMs: republishTimeoutMs })
  const db = new PrismaClient({ adapter: prismaAdapter(pool) })
  scope.onClose('producer prisma', () => db.$disconnect())
  const server = watchedServer(nats)
  const sql = poolSql(pool)
  const mailbox = prismaMailbox(db, sql)
  const broker = jetStreamBroker(scope, nats, streams, server.isCurrent)
  const locks = postgresLaneLocks(scope, log, database.url)
  const deps = { mailbox, broker, now: () => new Date() }
  const wake = createSignal()
  stopped.addEventListener('abort', wake.notify)

  const keeper = keepAll(log, () => keepPartitions(db, deps.now(), streams.maxAgeDays))
  stopped.addEventListener('abort', keeper.stop)
  const noRoom = new Set<string>()
  const loop = {
    relay: relayOutbox(deps),
    watch: watchBroker({ mailbox, broker: telling(log, noRoom, broker) }),
    tidy: tidyUnpublished(sql),
    locks,
    wake,
    server,
    stuck: new Map<string, string>(),
    log,
  }
  const relayed = runRelayLoop(loop, stopped)
  const swept = sweepActivity({ remove: removeOldActivity(sql, { keptMs, now: deps.now }), log }, stopped)
  const ended = Promise.allSettled([relayed, keeper.prepared, swept]).then(() => relayed)
  scope.watch('outbox relay', ended)
  return { mailbox, locks, stuck: loop.stuck, noRoom, wake: wake.notify, prepared: keeper.prepared, ended }
}

/** The same broker, which tells of the streams that it has no room for. */
const telling = (log: Log, noRoom: Set<string>, broker: Broker): Broker => ({
  ...broker,
  async ensureStreams() {
    const there = await broker.ensureStreams()
    tell(
      log,
      noRoom,
      allStreams.map(({ name }) => name).filter((name) => !there.has(name)),
    )
    return there
  },
})

/** Keeps the set up to date, and logs what has come and what has gone. */
function tell(log: Log, noRoom: Set<string>, names: readonly string[]): void {
  for (const stream of names) {
    if (noRoom.has(stream)) continue
    noRoom.add(stream)
    log.error({ stream }, 'the broker has no room for a stream; give it more, or lower STREAM_MAX_BYTES')
  }
  for (const stream of noRoom) {
    if (names.includes(stream)) continue
    noRoom.delete(stream)
    log.info({ stream }, 'the broker has room for the stream again')
  }
}

/** Creates and drops partitions at the start and then once a minute. */
function keepAll(log: Log, keepOnce: () => Promise<boolean>) {
  async function keep(): Promise<void> {
    if (!(await keepOnce()))
      log.warn("the outbox's partitions are left as they are: a long transaction is in the way")
  }
  const timer = setInterval(() => {
    keep().catch((err: unknown) => log.error({ err }, "the outbox's partitions could not be kept"))
  }, partitionsEveryMs)
  const prepared = keep()
  prepared.catch((err: unknown) =>
    log.error({ err }, "the outbox's partitions could not be kept at the start"),
  )
  return { prepared, stop: () => clearInterval(timer) }
}
