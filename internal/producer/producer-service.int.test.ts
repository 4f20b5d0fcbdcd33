import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp } from 'node:fs/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import { openPool, prismaAdapter } from '../platform/database.ts'
import { poolSql } from '../platform/pool-sql.ts'
import type { Nats } from '../platform/nats.ts'
import type { Health } from '../platform/service.ts'
import { newId } from '../platform/new-id.ts'
import { outboxLanes } from '../platform/outbox.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { stepped } from '../platform/testing/stepped-clock.ts'
import { testNats } from '../platform/testing/nats-server.ts'
import { silent, testConnection, testScope } from '../platform/testing/scope.ts'
import { relayOutbox } from './application/relay-outbox.ts'
import { watchBroker } from './application/watch-broker.ts'
import type { StoredEvent } from './domain/stored-event.ts'
import { PrismaClient } from './infrastructure/db/client.ts'
import { jetStreamBroker } from './infrastructure/jetstream-broker.ts'
import { keepPartitions } from './infrastructure/outbox-partitions.ts'
import { prismaMailbox } from './infrastructure/prisma-mailbox.ts'
import { openProducerService } from './open-producer-service.ts'
import { storedEvent, story } from './testing/fixtures.ts'
import { damageRecord } from './testing/damage-record.ts'
import { putInto } from './testing/put-into-outbox.ts'

// The producer over a real database and a real broker, and what happens to both.

const limits = { replicas: 1, maxBytes: 104_857_600, maxAgeDays: 14 }
/** The scrub does not run within a test unless the test asks for it. */
const seldom = { intervalMs: 3_600_000, messagesPerSecond: 100_000 }
const lanes = [...Array(outboxLanes).keys()]
const { url } = await testDatabase(t)

/** Opens both servers, an empty outbox, and a producer that only does what the test tells it to. */
async function open(t: Test, streams = limits) {
  const server = await testNats(t)
  const nats = await testConnection(t, server.url)
  const scope = testScope(t)
  const options = { url, applicationName: 'test', maxConnections: 4, statementTimeoutMs: 5_000 }
  const pool = openPool(scope, silent, options)
  const db = new PrismaClient({ adapter: prismaAdapter(pool) })
  scope.onClose('prisma', () => db.$disconnect())
  await keepPartitions(db, new Date(), streams.maxAgeDays)
  await db.$executeRawUnsafe('truncate producer.outbox, producer.unpublished, producer.broker_streams')
  const deps = {
    mailbox: prismaMailbox(db, poolSql(pool)),
    broker: jetStreamBroker(scope, nats, streams),
    now: () => new Date(),
  }
  const relay = relayOutbox(deps)
  return {
    ...deps,
    server,
    nats,
    db,
    scope,
    put: putInto(db),
    relay: () => relay(lanes),
    watch: watchBroker(deps),
    waiting: async () => (await deps.mailbox.depth()).unpublished,
  }
}

/** The running producer of one process. */
async function running(t: Test, natsUrl: string, scrub = seldom, streams = limits) {
  const scope = testScope(t)
  const nats = await testConnection(t, natsUrl, 'producer')
  const database = {
    url,
    applicationName: 'test producer',
    maxConnections: 3,
    statementTimeoutMs: 5_000,
  }
  const options = { log: silent, databases: [database], nats, streams, scrub, activityLogDays: 730 }
  const { wake, health } = await openProducerService(scope, options)
  return { scope, nats, wake, health }
}

type Stored = {
  readonly seq: number
  readonly id: string
  readonly messageId: string
  readonly isReplay: boolean
}

async function messagesIn(stream: string, { connection }: Nats): Promise<readonly Stored[]> {
  const jsm = await jetstreamManager(connection, { checkAPI: false })
  const { state } = await jsm.streams.info(stream)
  const messages: Stored[] = []
  for (let seq = 1; seq <= state.last_seq; seq++) {
    const message = await jsm.streams.getMessage(stream, { seq })
    const header = (name: string): string => message?.header.get(name) || ''
    messages.push({
      seq,
      id: header('ce-id'),
      messageId: header('Nats-Msg-Id'),
      isReplay: header('x-replay') === '1',
    })
  }
  return messages
}

const createdOf = async (stream: string, { connection }: Nats): Promise<string> =>
  (await (await jetstreamManager(connection, { checkAPI: false })).streams.info(stream)).created

const call = { actor: undefined, correlationId: '', traceparent: '' }
const gaugeOf = async (health: Health, name: string): Promise<string | undefined> =>
  (await health.readGauges({}, call)).gauges.find((gauge) => gauge.name === name)?.value

const idsOf = (events: readonly { readonly id: string }[]): readonly string[] => events.map(({ id }) => id)
const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort()

async function client(t: Test): Promise<pg.Client> {
  const opened = new pg.Client({ connectionString: url })
  opened.on('error', () => undefined)
  await opened.connect()
  t.teardown(() => opened.end())
  return opened
}

t.test('an event that commits late, below one that is published already, is not lost', async (t) => {
  const { nats, db, relay, watch } = await open(t)
  await watch()
  const late = await client(t)
  const lateSql = {
    $executeRawUnsafe: async (sql: string, ...values: unknown[]) =>
      (await late.query(sql, values)).rowCount ?? 0,
  }
  const [first, second] = [storedEvent(), storedEvent()]
  await late.query('begin')
  await putInto(lateSql)([first]) // it has its seq but is not committed yet
  await putInto(db)([second])
  t.match(await relay(), { published: 1 })
  await late.query('commit')

  const rows = await db.outboxEvent.findMany({ orderBy: { seq: 'asc' } })
  t.same(idsOf(rows), [first.id, second.id], 'the late one has the lower seq')
  const watermark = rows[1]!.seq
  const above = await db.unpublishedEvent.count({ where: { seq: { gt: watermark } } })
  t.equal(above, 0, 'a relay that remembers the last seq would never see it')

  t.match(await relay(), { published: 1 })
  t.same(idsOf(await messagesIn('ORDERS', nats)), [second.id, first.id])
})

t.test(
  'a producer killed between publish and mark publishes again, and the stream holds it once',
  async (t) => {
    const { server, nats, db, put, relay, waiting } = await open(t)
    const event = storedEvent()
    await put([event])
    const blocker = await client(t)
    await blocker.query('begin')
    await blocker.query('select 1 from producer.unpublished for update') // now nobody can mark the event
    const child = spawn(process.execPath, ['--import=tsx', 'cmd/producer/main.ts'], {
      env: {
        ...{ PATH: process.env.PATH, DATABASE_URL: url, NATS_URL: server.url, LOG_LEVEL: 'silent' },
        // The broker has room for little.
        STREAM_MAX_BYTES: '67108864',
      },
      stdio: 'ignore',
    })
    t.teardown(() => child.kill('SIGKILL'))
    const stored = await eventually('it is published', async () => {
      const messages = await messagesIn('ORDERS', nats).catch(() => [])
      return messages.length > 0 && messages
    })
    const marking = "application_name = 'tillstream producer' and wait_event_type = 'Lock'"
    await eventually('it tries to mark it', async () => {
      const { rowCount } = await blocker.query(`select 1 from pg_stat_activity where ${marking}`)
      return (rowCount ?? 0) > 0
    })
    child.kill('SIGKILL')
    await once(child, 'exit')
    // PostgreSQL would otherwise go on with the statement of a client that is gone.
    await blocker.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${marking}`)
    await blocker.query('rollback')
    t.equal(await waiting(), 1)

    t.match(await relay(), { found: 1, published: 1 })
    t.same(await messagesIn('ORDERS', nats), stored)
    t.same(stored, [{ seq: 1, id: event.id, messageId: event.id, isReplay: false }])
    t.match(await db.brokerStream.findUnique({ where: { name: 'ORDERS' } }), { lastSeq: 1n, epoch: 1 })
  },
)

t.test('of two producers one owns the lanes, and the other takes over when its session ends', async (t) => {
  const { server, nats, put, waiting, db } = await open(t)
  const [one, two] = [await running(t, server.url), await running(t, server.url)]
  const owners = async (): Promise<readonly number[]> => {
    const rows = await db.$queryRawUnsafe<{ pid: number }[]>(
      `select distinct pid from pg_locks where locktype = 'advisory' and database =
        (select oid from pg_database where datname = current_database())`,
    )
    return rows.map(({ pid }) => pid)
  }
  const first = await eventually('somebody owns all lanes', async () => {
    const pids = await owners()
    return pids.length === 1 && pids[0]
  })
  await put(story(3))
  await eventually('published', async () => (await waiting()) === 0)

  await db.$queryRawUnsafe(`select pg_terminate_backend(${first})`)
  await eventually('another session owns them', async () => {
    const pids = await owners()
    return pids.length === 1 && pids[0] !== first
  })
  await put(story(3))
  await eventually('published', async () => (await waiting()) === 0)

  await one.scope.close()
  await put(story(3))
  await eventually('published by whoever is left', async () => (await waiting()) === 0)
  await two.scope.close()
  const ids = idsOf(await messagesIn('ORDERS', nats))
  t.equal(new Set(ids).size, 9)
  t.equal(ids.length, 9)
})

t.test('a producer that is told to stop publishes first what is there', async (t) => {
  const { server, put, waiting } = await open(t)
  const { scope } = await running(t, server.url)
  await put(Array.from({ length: 200 }, () => storedEvent()))
  await scope.close()
  t.equal(await waiting(), 0)
  t.same(scope.failures, [])
})

t.test('a wake-up over nats and one by a call publish at once; without either the poll does', async (t) => {
  const { server, nats, put, waiting } = await open(t)
  const { wake, health } = await running(t, server.url)
  for (const rouse of [wake, () => nats.connection.publish('producer.wake'), () => undefined]) {
    await put([storedEvent()])
    rouse()
    await eventually('published', async () => (await waiting()) === 0)
  }
  t.ok((await health.checkReadiness({}, call)).checks.every(({ ready }) => ready))
  const { gauges } = await health.readGauges({}, call)
  t.match(Object.fromEntries(gauges.map(({ name, value }) => [name, value])), {
    tillstream_outbox_depth: '0',
    tillstream_outbox_parked: '0',
  })
})

/** Publishes some events, lets `lose` destroy the store, and expects all of them again. */
function lossTest(name: string, lose: (opened: Awaited<ReturnType<typeof open>>) => Promise<unknown>): void {
  t.test(name, async (t) => {
    const opened = await open(t)
    const { server, nats, put, waiting, db } = opened
    const { wake } = await running(t, server.url)
    const before = [...story(3), storedEvent({ subject: 'stock.reserved' })]
    await put(before)
    await eventually('published', async () => (await waiting()) === 0)
    await lose(opened)
    await eventually('the connection is there', () => nats.isConnected())
    const after = storedEvent()
    await put([after])
    wake()
    const orders = before.slice(0, 3)
    const messages = await eventually('everything is there again', async () => {
      const found = await messagesIn('ORDERS', nats).catch(() => [])
      const isThere = found.some(({ id }) => id === after.id)
      return (
        isThere && orders.every(({ id }) => found.some((each) => each.id === id && each.isReplay)) && found
      )
    })
    // The event that came afterwards may have been published before the loss was noticed, or after it.
    const replayed = messages.filter(({ id, isReplay }) => isReplay && id !== after.id)
    t.same(sorted(idsOf(replayed)), sorted(idsOf(orders)), 'each once')
    t.ok(replayed.every(({ id, messageId }) => messageId === `${id}:g1`))
    t.same(idsOf(replayed), idsOf(orders), 'in the order of the aggregate')
    await eventually('marked', async () => (await waiting()) === 0)
    t.match(await db.brokerStream.findUnique({ where: { name: 'ORDERS' } }), { epoch: 2 })
  })
}

lossTest('a broker that lost its whole store gets every retained event again', async ({ server }) => {
  await server.kill()
  await server.wipe()
  await server.start()
})

lossTest('a stream that somebody deleted is made anew and filled again', async ({ nats }) => {
  const jsm = await jetstreamManager(nats.connection)
  await jsm.streams.delete('ORDERS')
})

lossTest('a stream that somebody else has made anew meanwhile is filled again', async ({ nats, broker }) => {
  const jsm = await jetstreamManager(nats.connection)
  await jsm.streams.delete('ORDERS')
  await broker.ensureStreams()
})

for (const [which, index] of [
  ['first', 0],
  ['middle', 1],
  ['last', 2],
] as const) {
  lossTest(`the ${which} record of a stream is damaged at a power failure`, async ({ server, nats }) => {
    const { id } = (await messagesIn('ORDERS', nats))[index]!
    const before = await createdOf('ORDERS', nats)
    await server.kill()
    await damageRecord(server.storeDir, 'ORDERS', id)
    await server.start()
    // The old stream would never deliver these events again to durables that had seen more of it.
    await eventually('the stream is made anew', async () => {
      const created = await createdOf('ORDERS', nats).catch(() => before)
      return created !== before
    })
  })
}

t.test('a bit flipped in the middle of a stream: the event comes back by itself', async (t) => {
  const { server, nats, put, waiting, db } = await open(t)
  const scrub = { ...seldom, intervalMs: 50 }
  const [one, two] = [await running(t, server.url, scrub), await running(t, server.url, scrub)]
  const events = Array.from({ length: 1_500 }, () => storedEvent({ data: JSON.stringify('x'.repeat(800)) }))
  const damaged = events[700]!
  await put(events)
  await eventually('published', async () => (await waiting()) === 0)
  const before = await createdOf('ORDERS', nats)
  await server.stop()
  await damageRecord(server.storeDir, 'ORDERS', damaged.id)
  await server.start()
  await eventually('the stream is another', async () => {
    const created = await createdOf('ORDERS', nats).catch(() => before)
    return created !== before
  })
  await eventually('all is published again', async () => {
    const epochs = await db.brokerStream.findUnique({ where: { name: 'ORDERS' } })
    return epochs?.epoch === 2 && (await waiting()) === 0
  })
  const messages = await messagesIn('ORDERS', nats)
  t.same(sorted(idsOf(messages)), sorted(idsOf(events)), 'each once')
  t.ok(messages.find(({ id }) => id === damaged.id)?.isReplay)
  const healed = await Promise.all(
    [one, two].map(({ health }) => gaugeOf(health, 'tillstream_streams_healed')),
  )
  t.same([...healed].sort(), ['0', '1'], 'by one of the two')
})

t.test(
  'an old copy of the store put back is noticed, even when new events hide the gap at once',
  async (t) => {
    const { server, nats, put, waiting } = await open(t)
    const { wake, nats: own } = await running(t, server.url)
    const early = storedEvent()
    await put([early])
    await eventually('published', async () => (await waiting()) === 0)
    await server.stop()
    await cp(server.storeDir, `${server.storeDir}.old`, { recursive: true })
    await server.start()
    const lost = Array.from({ length: 5 }, () => storedEvent())
    await put(lost)
    wake()
    await eventually('published', async () => (await waiting()) === 0)
    await server.stop()
    const hiding = Array.from({ length: 50 }, () => storedEvent())
    await server.wipe()
    await cp(`${server.storeDir}.old`, server.storeDir, { recursive: true })
    await server.start()
    await eventually('it is back', () => own.isConnected())
    await put(hiding)
    wake()
    const all = [early, ...lost, ...hiding]
    await eventually('nothing is missing', async () => {
      const found = new Set(idsOf(await messagesIn('ORDERS', nats).catch(() => [])))
      return all.every(({ id }) => found.has(id))
    })
  },
)

t.test('an old copy that strangers have filled up before anybody looked is noticed', async (t) => {
  const { server, nats, put, relay, watch } = await open(t)
  async function restart(between: () => Promise<void>): Promise<void> {
    await server.stop()
    await between()
    await server.start()
    await eventually('it is back', () => nats.isConnected())
  }
  await watch()
  await put([storedEvent()])
  t.match(await relay(), { published: 1 })
  await restart(() => cp(server.storeDir, `${server.storeDir}.old`, { recursive: true }))
  const lost = [storedEvent(), storedEvent()]
  await put(lost)
  t.match(await relay(), { published: 2 })
  await restart(async () => {
    await server.wipe()
    await cp(`${server.storeDir}.old`, server.storeDir, { recursive: true })
  })
  for (const msgID of ['stranger-1', 'stranger-2', 'stranger-3'])
    await jetstream(nats.connection).publish('order.created', '{}', { msgID })
  t.same(await watch(), ['ORDERS'])
  t.match(await relay(), { published: 3 })
  const there = idsOf(await messagesIn('ORDERS', nats))
  t.ok(lost.every(({ id }) => there.includes(id)))
})

t.test('a server that is away for a while costs nothing but time', async (t) => {
  const { server, nats, put, waiting } = await open(t)
  const { wake, scope } = await running(t, server.url)
  await put(story(2))
  await eventually('published', async () => (await waiting()) === 0)
  await server.kill()
  await eventually('it is noticed', () => !nats.isConnected())
  const meanwhile = Array.from({ length: 300 }, () => storedEvent())
  await put(meanwhile)
  wake()
  t.equal(await waiting(), 300)
  await server.start()
  await eventually('published', async () => (await waiting()) === 0)
  await eventually('this test is connected again', () => nats.isConnected())
  const ids = idsOf(await messagesIn('ORDERS', nats))
  t.equal(ids.length, 302)
  t.equal(new Set(ids).size, 302)
  t.same(scope.failures, [])
})

t.test('a database that is away for a while costs nothing but time', async (t) => {
  const { server, put, waiting, db } = await open(t)
  const { scope } = await running(t, server.url)
  await put(story(2))
  await eventually('published', async () => (await waiting()) === 0)
  for (let round = 0; round < 3; round++) {
    await db.$queryRawUnsafe(
      `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name in ('test producer', 'tillstream producer lanes') and datname = current_database()`,
    )
    await put(story(2))
  }
  await eventually('published', async () => (await waiting()) === 0)
  t.same(scope.failures, [])
})

t.test('a clock that is set back holds nothing up', async (t) => {
  const { server, nats, put, waiting, db } = await open(t)
  const clock = stepped(t)
  clock.offsetMs = 600_000
  await running(t, server.url)
  await put(story(2))
  await eventually('published', async () => (await waiting()) === 0)
  clock.offsetMs = 0
  await db.$queryRawUnsafe(
    `select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'tillstream producer lanes' and datname = current_database()`,
  )
  const jsm = await jetstreamManager(nats.connection)
  await jsm.streams.delete('STOCK')
  await eventually('the streams are looked at', () => jsm.streams.info('STOCK').catch(() => undefined))
  await put(story(2))
  await eventually('published', async () => (await waiting()) === 0)
})

t.test('a full stream keeps everything in the outbox until there is room', async (t) => {
  const { nats, scope, mailbox, put, relay, watch, waiting } = await open(t, { ...limits, maxBytes: 20_000 })
  await watch()
  const events: readonly StoredEvent[] = Array.from({ length: 10 }, () =>
    story(4, { data: JSON.stringify('x'.repeat(1_000)) }),
  ).flat()
  await put(events)
  for (let round = 0; round < 3; round++) t.match(await relay(), { backPressure: /maximum bytes exceeded/ })
  const inStream = (await messagesIn('ORDERS', nats)).length
  t.ok(inStream > 0 && inStream < 40)
  t.same(await mailbox.depth().then(({ unpublished, parked }) => ({ unpublished, parked })), {
    unpublished: 40 - inStream,
    parked: 0,
  })
  const roomy = jetStreamBroker(scope, nats, limits)
  await roomy.ensureStreams()
  const relayed = await relayOutbox({ mailbox, broker: roomy, now: () => new Date() })(lanes)
  t.match(relayed, { published: 40 - inStream, backPressure: undefined })
  t.equal(await waiting(), 0)
  const ids = idsOf(await messagesIn('ORDERS', nats))
  t.same(sorted(ids), sorted(idsOf(events)), 'each once')
  for (let start = 0; start < events.length; start += 4) {
    const own = idsOf(events.slice(start, start + 4))
    t.same(
      ids.filter((id) => own.includes(id)),
      own,
      'in the order of the aggregate',
    )
  }
})

t.test('a full stream holds up no other stream', async (t) => {
  const { server, nats, put, watch, waiting } = await open(t)
  await watch()
  const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
  const { health } = await running(t, server.url, seldom, { ...limits, maxBytes: 20_000 })
  await eventually(
    'it has no room',
    async () => (await jsm.streams.info('ORDERS')).config.max_bytes === 20_000,
  )
  const large = JSON.stringify('x'.repeat(1_000))
  const orders = Array.from({ length: 1_200 }, () => story(2, { data: large })).flat()
  const stock = Array.from({ length: 10 }, () =>
    story(2, { subject: 'stock.reserved', aggregate: 'reservation r' }),
  ).flat()
  await put(orders)
  await eventually('it is full', async () => (await messagesIn('ORDERS', nats)).length > 5)
  await put(stock)
  await eventually('the other stream has its events', async () => {
    const ids = idsOf(await messagesIn('STOCK', nats))
    return stock.every(({ id }) => ids.includes(id))
  })
  const inStream = idsOf(await messagesIn('ORDERS', nats))
  t.equal(await waiting(), orders.length - inStream.length)
  const { checks } = await health.checkReadiness({}, call)
  t.ok(checks.every(({ ready }) => ready))
  t.match(
    checks.filter(({ detail }) => detail !== ''),
    [{ name: 'producer stream ORDERS', detail: /maximum bytes exceeded/ }],
  )
  const { gauges } = await health.readGauges({}, call)
  const stuck = gauges.filter(({ name }) => name === 'tillstream_stream_stuck')
  t.same(
    stuck.filter(({ value }) => value !== '0').map(({ labels }) => labels[0]?.value),
    ['ORDERS'],
  )
  const ids = idsOf(await messagesIn('STOCK', nats))
  t.equal(ids.length, 20)
  for (let start = 0; start < stock.length; start += 2) {
    const own = idsOf(stock.slice(start, start + 2))
    t.same(
      ids.filter((id) => own.includes(id)),
      own,
      'in the order of the aggregate',
    )
  }
})

t.test(
  'an event that is too large is parked after twenty refusals, and blocks its aggregate only',
  async (t) => {
    const { db, nats, put, relay, watch, mailbox } = await open(t)
    await watch()
    const [large, next] = story(2)
    const other = storedEvent()
    await put([{ ...large!, data: JSON.stringify('x'.repeat(1_010_000)) }, next!, other])
    let rounds = 0
    await eventually('it is parked', async () => {
      rounds++
      await relay()
      await db.$executeRawUnsafe(
        "update producer.unpublished set not_before = now() - interval '1 s' where not_before > now()",
      )
      return (await mailbox.depth()).parked === 1
    })
    t.equal(rounds, 20)
    const { seq } = await db.outboxEvent.findFirstOrThrow({ where: { id: large!.id } })
    const row = await db.unpublishedEvent.findUniqueOrThrow({ where: { seq } })
    t.match(row, { parked: true, attempts: 20, lastError: /size/ })
    t.match(await relay(), { found: 0 })
    t.same(idsOf(await messagesIn('ORDERS', nats)), [other.id])
    // An operator has made the event smaller, and now everything is published in order.
    await db.outboxEvent.updateMany({ where: { seq }, data: { data: '{}' } })
    await db.unpublishedEvent.updateMany({ where: { seq }, data: { parked: false, attempts: 0 } })
    t.match(await relay(), { published: 2 })
    t.same(idsOf(await messagesIn('ORDERS', nats)), [other.id, large!.id, next!.id])
  },
)

t.test(
  'a subscriber sees nothing but the stream: publications of others do not confuse the producer',
  async (t) => {
    const { nats, put, relay, watch, waiting } = await open(t)
    await watch()
    await jetstream(nats.connection).publish('order.created', '{}', { msgID: newId() })
    await put([storedEvent()])
    t.match(await relay(), { published: 1 })
    t.equal(await waiting(), 0)
    t.same(await watch(), [])
  },
)
