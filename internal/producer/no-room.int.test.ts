import { jetstreamManager } from '@nats-io/jetstream'
import t from 'tap'
import { openPool, prismaAdapter } from '../platform/database.ts'
import { poolSql } from '../platform/pool-sql.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { streams } from '../platform/streams.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { testNats } from '../platform/testing/nats-server.ts'
import { silent, testConnection, testScope } from '../platform/testing/scope.ts'
import { PrismaClient } from './infrastructure/db/client.ts'
import { keepPartitions } from './infrastructure/outbox-partitions.ts'
import { prismaMailbox } from './infrastructure/prisma-mailbox.ts'
import { openProducerService } from './open-producer-service.ts'
import { storedEvent } from './testing/fixtures.ts'
import { putInto } from './testing/put-into-outbox.ts'

// A broker whose store is smaller than what the streams set aside.

const streamBytes = 4_194_304
const seldom = { intervalMs: 3_600_000, messagesPerSecond: 100_000 }
const call = { actor: undefined, correlationId: '', traceparent: '' }

const order = storedEvent()
const product = storedEvent({
  ...{ subject: 'product.created', type: 'tillstream.product.created.v1', aggregate: 'product p' },
})

t.test('streams that find no room hold up no others, and are made when there is room', async (t) => {
  const [{ url }, server] = await Promise.all([
    testDatabase(t),
    testNats(t, { maxStoreBytes: 4 * streamBytes + 1_048_576 }),
  ])
  const database = { url, applicationName: 'test', maxConnections: 3, statementTimeoutMs: 5_000 }
  const scope = testScope(t)
  const pool = openPool(scope, silent, database)
  const db = new PrismaClient({ adapter: prismaAdapter(pool) })
  scope.onClose('prisma', () => db.$disconnect())
  await keepPartitions(db, new Date(), 14)
  const mailbox = prismaMailbox(db, poolSql(pool))
  const jsm = await jetstreamManager((await testConnection(t, server.url)).connection)
  const names = async () => (await jsm.streams.names().next()).toSorted()

  async function producer(maxBytes: number) {
    const own = testScope(t)
    const nats = await testConnection(t, server.url, 'producer')
    const options = { log: silent, databases: [database], nats, scrub: seldom, activityLogDays: 730 }
    const limits = { replicas: 1, maxBytes, maxAgeDays: 14 }
    const { health } = await openProducerService(own, { ...options, streams: limits })
    const stuck = async () =>
      (await health.checkReadiness({}, call)).checks.filter(({ detail }) => detail !== '')
    return { stuck, close: () => own.close() }
  }

  const cramped = await producer(streamBytes)
  await putInto(db)([product, order])
  const messagesIn = async (name: string): Promise<number> =>
    jsm.streams.info(name).then(
      ({ state }) => state.messages,
      () => 0, // it is not there yet
    )
  await eventually('the order is told', async () => (await messagesIn('ORDERS')) === 1)
  const made = await names()
  t.equal(made.length, 4)
  for (const name of ['ORDERS', 'STOCK', 'PAYMENTS']) t.ok(made.includes(name), name)
  const stuck = await cramped.stuck()
  t.equal(stuck.length, streams.length - made.length)
  for (const { name, ready, detail } of stuck) {
    t.ok(ready, `${name} does not make the producer unready`)
    t.match(detail, /no room for the stream.*STREAM_MAX_BYTES/)
  }
  await cramped.close()

  const roomy = await producer(1_048_576)
  await eventually('all streams are there', async () => (await names()).length === streams.length)
  await eventually('nothing waits', async () => (await mailbox.depth()).unpublished === 0)
  await eventually('health knows', async () => (await roomy.stuck()).length === 0)
  t.equal(await messagesIn('PRODUCTS'), 1)
})
