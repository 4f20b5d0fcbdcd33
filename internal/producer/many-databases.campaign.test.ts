import { jetstreamManager } from '@nats-io/jetstream'
import { cp } from 'node:fs/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import type { Nats } from '../platform/nats.ts'
import type { Health } from '../platform/service.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { testNats } from '../platform/testing/nats-server.ts'
import { silent, testConnection, testScope } from '../platform/testing/scope.ts'
import type { StoredEvent } from './domain/stored-event.ts'
import { openProducerService } from './open-producer-service.ts'
import { damageRecord } from './testing/damage-record.ts'
import { storedEvent, story } from './testing/fixtures.ts'
import { putInto } from './testing/put-into-outbox.ts'

// One producer over the outboxes of several databases.

const streams = { replicas: 1, maxBytes: 104_857_600, maxAgeDays: 14 }
const call = { actor: undefined, correlationId: '', traceparent: '' }
/** Nothing listens at this address. */
const nowhere = 'postgresql://nobody@127.0.0.1:1/nowhere'

async function outbox(t: Test) {
  const { url } = await testDatabase(t)
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  pool.on('error', () => undefined)
  t.teardown(() => pool.end())
  const count = async (sql: string): Promise<number> =>
    Number((await pool.query<{ count: string }>(sql)).rows[0]?.count)
  return {
    url,
    pool,
    put: putInto({
      $executeRawUnsafe: async (sql, ...values) => (await pool.query(sql, [...values])).rowCount ?? 0,
    }),
    waiting: () => count('select count(*) from producer.unpublished'),
    epochOf: (stream: string) =>
      count(`select epoch as count from producer.broker_streams where name = '${stream}'`),
  }
}

async function producing(t: Test, natsUrl: string, urls: readonly string[], scrubEveryMs = 3_600_000) {
  const scope = testScope(t)
  const nats = await testConnection(t, natsUrl, 'producer')
  const databases = urls.map((url) => ({
    url,
    applicationName: 'test producer',
    maxConnections: 3,
    statementTimeoutMs: 5_000,
  }))
  const scrub = { intervalMs: scrubEveryMs, messagesPerSecond: 100_000 }
  const options = { log: silent, databases, nats, streams, scrub, activityLogDays: 730 }
  return { nats, ...(await openProducerService(scope, options)) }
}

/** The ids of the events in the stream, in its order. */
async function idsIn(stream: string, { connection }: Nats): Promise<readonly string[]> {
  const jsm = await jetstreamManager(connection, { checkAPI: false })
  const info = await jsm.streams.info(stream).catch(() => undefined)
  const ids: string[] = []
  for (let seq = 1; seq <= (info?.state.last_seq ?? 0); seq++) {
    const message = await jsm.streams.getMessage(stream, { seq })
    ids.push(message?.header.get('ce-id') ?? '')
  }
  return ids
}

const idsOf = (events: readonly StoredEvent[]): readonly string[] => events.map(({ id }) => id)
const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort()

async function gaugesOf(health: Health, name: string): Promise<Record<string, string>> {
  const { gauges } = await health.readGauges({}, call)
  return Object.fromEntries(
    gauges.filter((each) => each.name === name).map(({ labels, value }) => [labels[0]?.value ?? '', value]),
  )
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1)

t.test('the events of all databases are published, each in the order of its aggregate', async (t) => {
  const server = await testNats(t)
  const [one, two] = [await outbox(t), await outbox(t)]
  const { nats, health } = await producing(t, server.url, [one.url, two.url])
  const stories = { one: [story(20), story(20)], two: [story(20), story(20)] }
  await one.put(stories.one.flat())
  await two.put(stories.two.flat())
  nats.connection.publish('producer.wake')
  await eventually('all are published', async () => (await one.waiting()) + (await two.waiting()) === 0)
  const ids = await idsIn('ORDERS', nats)
  t.equal(ids.length, 80)
  for (const events of [...stories.one, ...stories.two]) {
    const own = idsOf(events)
    t.same(
      ids.filter((id) => own.includes(id)),
      own,
    )
  }
  t.same(await gaugesOf(health, 'tillstream_outbox_depth'), {
    [nameOf(one.url)]: '0',
    [nameOf(two.url)]: '0',
  })
  const { checks } = await health.checkReadiness({}, call)
  t.same(
    checks.map(({ name, ready }) => ({ name, ready })),
    [
      { name: `producer database ${nameOf(one.url)}`, ready: true },
      { name: `producer database ${nameOf(two.url)}`, ready: true },
      { name: 'producer nats', ready: true },
    ],
  )
})

t.test('a database that is away from the start holds up nobody, and is told of', async (t) => {
  const server = await testNats(t)
  const one = await outbox(t)
  for (const urls of [
    [nowhere, one.url],
    [one.url, nowhere],
  ]) {
    const { health } = await producing(t, server.url, urls)
    await one.put(story(3))
    await eventually('all are published', async () => (await one.waiting()) === 0)
    t.same(await gaugesOf(health, 'tillstream_outbox_parked'), { [nameOf(one.url)]: '0' })
    const { checks } = await health.checkReadiness({}, call)
    t.match(
      checks.find(({ ready }) => !ready),
      { name: 'producer database nowhere', detail: 'the database does not answer' },
    )
  }
  await t.rejects(producing(t, server.url, [nowhere, nowhere]), 'with none it does not start')
})

t.test('a database that goes away later holds up nobody, and catches up when it is back', async (t) => {
  const server = await testNats(t)
  const [one, two] = [await outbox(t), await outbox(t)]
  const { nats } = await producing(t, server.url, [one.url, two.url])
  const admin = new pg.Client({ connectionString: one.url })
  await admin.connect()
  t.teardown(() => admin.end())
  const name = nameOf(two.url)
  const late = story(3)
  await two.put(story(2))
  await eventually('published', async () => (await two.waiting()) === 0)
  await two.put(late.slice(0, 1))
  await eventually('published', async () => (await two.waiting()) === 0)

  await admin.query(`alter database "${name}" allow_connections false`)
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
  const meanwhile = story(3)
  await one.put(meanwhile)
  await eventually('the other one goes on', async () => (await one.waiting()) === 0)

  await admin.query(`alter database "${name}" allow_connections true`)
  await two.put(late.slice(1))
  await eventually('it catches up', async () => (await two.waiting()) === 0)
  t.equal((await idsIn('ORDERS', nats)).length, 8)
})

t.test('a stream that was wiped is filled again from every database', async (t) => {
  const server = await testNats(t)
  const [one, two] = [await outbox(t), await outbox(t)]
  const { nats } = await producing(t, server.url, [one.url, two.url])
  const events = { one: story(5), two: [...story(5), storedEvent({ subject: 'stock.reserved' })] }
  await one.put(events.one)
  await two.put(events.two)
  await eventually('all are published', async () => (await one.waiting()) + (await two.waiting()) === 0)
  await server.kill()
  await server.wipe()
  await server.start()
  const wanted = sorted([...idsOf(events.one), ...idsOf(events.two.slice(0, 5))])
  const ids = await eventually('all are there again', async () => {
    const found = await idsIn('ORDERS', nats).catch((): readonly string[] => [])
    return found.length >= wanted.length && found
  })
  t.same(sorted(ids), wanted, 'each once')
  for (const own of [events.one, events.two.slice(0, 5)].map(idsOf))
    t.same(
      ids.filter((id) => own.includes(id)),
      own,
      'in the order of the aggregate',
    )
  await eventually('the other stream too', async () => (await idsIn('STOCK', nats)).length === 1)
  t.same([await one.epochOf('ORDERS'), await two.epochOf('ORDERS')], [2, 2])
})

t.test('an older copy of the store is made anew, and filled again from every database', async (t) => {
  const server = await testNats(t)
  const [one, two] = [await outbox(t), await outbox(t)]
  const { nats } = await producing(t, server.url, [one.url, two.url])
  const early = [story(2), story(2)]
  await one.put(early[0]!)
  await eventually('published', async () => (await one.waiting()) === 0)
  await two.put(early[1]!)
  await eventually('published', async () => (await two.waiting()) === 0)
  await server.stop()
  await cp(server.storeDir, `${server.storeDir}.old`, { recursive: true })
  await server.start()
  const lost = story(3)
  await one.put(lost)
  await eventually('published', async () => (await one.waiting()) === 0)
  t.same([await one.epochOf('ORDERS'), await two.epochOf('ORDERS')], [1, 1], 'what others publish is no loss')
  await server.stop()
  await server.wipe()
  await cp(`${server.storeDir}.old`, server.storeDir, { recursive: true })
  await server.start()
  const after = story(4)
  await two.put(after)
  await eventually('nothing is missing', async () => {
    const found = await idsIn('ORDERS', nats).catch((): readonly string[] => [])
    return [...early.flat(), ...lost, ...after].every(({ id }) => found.includes(id))
  })
  t.same([await one.epochOf('ORDERS'), await two.epochOf('ORDERS')], [2, 2])
})

t.test('a damaged record has the stream filled again from every database', async (t) => {
  const server = await testNats(t)
  const [one, two] = [await outbox(t), await outbox(t)]
  const { nats, health } = await producing(t, server.url, [one.url, two.url], 50)
  const filler = () =>
    Array.from({ length: 300 }, () => storedEvent({ data: JSON.stringify('x'.repeat(800)) }))
  const events = { one: filler(), two: filler() }
  await two.put(events.two)
  await eventually('published', async () => (await two.waiting()) === 0)
  await one.put(events.one)
  await eventually('published', async () => (await one.waiting()) === 0)
  await server.stop()
  await damageRecord(server.storeDir, 'ORDERS', events.two[100]!.id)
  await server.start()
  const wanted = sorted([...idsOf(events.one), ...idsOf(events.two)])
  await eventually('both have begun anew', async () => {
    const epochs = [await one.epochOf('ORDERS'), await two.epochOf('ORDERS')]
    return epochs.every((epoch) => epoch >= 2) && (await one.waiting()) + (await two.waiting()) === 0
  })
  t.same(sorted([...new Set(await idsIn('ORDERS', nats))]), wanted, 'nothing is missing')
  // A newer nats-server cuts the stream back by itself, and then the scrub has nothing to heal.
  t.ok(
    Number((await gaugesOf(health, 'tillstream_streams_healed'))['']) <= 1,
    'at most one reading healed it',
  )
})
