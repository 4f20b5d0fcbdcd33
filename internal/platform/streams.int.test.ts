import { JetStreamApiError, jetstream, jetstreamManager } from '@nats-io/jetstream'
import t from 'tap'
import { ensureStream, familyOf, streamOf, streams } from './streams.ts'
import { eventually } from './testing/eventually.ts'
import { testNats } from './testing/nats-server.ts'
import { testConnection } from './testing/scope.ts'

const limits = { replicas: 1, maxBytes: 10_485_760, maxAgeDays: 14 }

t.test('each family of events has its stream, and no other subject has one', async (t) => {
  t.equal(streamOf('order.created'), 'ORDERS')
  t.equal(streamOf('stock.reserved'), 'STOCK')
  t.throws(() => streamOf('orders.created'))
  for (const { name, family } of streams) t.equal(familyOf(name), family)
  t.throws(() => familyOf('OTHERS'))
})

t.test('a stream is made once, by however many at once, and keeps its birth', async (t) => {
  const server = await testNats(t)
  const connections = await Promise.all([1, 2, 3].map(() => testConnection(t, server.url)))
  const states = await Promise.all(
    connections.map(async ({ connection }) =>
      ensureStream(await jetstreamManager(connection), 'ORDERS', limits),
    ),
  )
  t.equal(new Set(states.map((state) => state?.created)).size, 1)
  const { connection } = connections[0]!
  await jetstream(connection).publish('order.created', '{}')
  const jsm = await jetstreamManager(connection)
  t.match(await ensureStream(jsm, 'ORDERS', limits), { created: states[0]?.created, lastSeq: 1 })
})

t.test('the birth of a stream that somebody else is making is told when it is known', async (t) => {
  const server = await testNats(t)
  const { connection } = await testConnection(t, server.url)
  const jsm = await jetstreamManager(connection)
  const { created } = (await ensureStream(jsm, 'ORDERS', limits))!
  let asked = 0
  const info = async () => ({
    ...(await jsm.streams.info('ORDERS')),
    ...(++asked < 4 && { created: '0001-01-01T00:00:00Z' }),
  })
  const streams = { value: Object.create(jsm.streams, { info: { value: info } }) as typeof jsm.streams }
  t.match(await ensureStream(Object.create(jsm, { streams }) as typeof jsm, 'ORDERS', limits), { created })
  t.equal(asked, 4)
})

t.test('a stream is found again on a server that has no room for a second one of its size', async (t) => {
  const server = await testNats(t, { maxStoreBytes: limits.maxBytes + 1_048_576 })
  const { connection } = await testConnection(t, server.url)
  const jsm = await jetstreamManager(connection)
  const before = await ensureStream(jsm, 'ORDERS', limits)
  t.match(await ensureStream(jsm, 'ORDERS', limits), { created: before?.created })
  await server.kill()
  await server.start()
  await eventually('the connection is back', async () => jsm.streams.info('ORDERS').catch(() => undefined))
  t.match(await ensureStream(jsm, 'ORDERS', limits), { created: before?.created }, 'it was not touched')
  t.equal(await ensureStream(jsm, 'STOCK', limits), undefined, 'there is no room')
})

t.test("a stream that is there is found without the cluster's leader, who may be gone", async (t) => {
  const server = await testNats(t)
  const { connection } = await testConnection(t, server.url)
  const jsm = await jetstreamManager(connection)
  const before = await ensureStream(jsm, 'ORDERS', limits)
  const add = { value: () => Promise.reject(new Error('nobody can make streams')) }
  const streams = { value: Object.create(jsm.streams, { add }) as typeof jsm.streams }
  const withoutLeader = Object.create(jsm, { streams }) as typeof jsm
  t.match(await ensureStream(withoutLeader, 'ORDERS', limits), { created: before?.created, lastSeq: 0 })
  await t.rejects(ensureStream(withoutLeader, 'STOCK', limits), { message: 'nobody can make streams' })
})

t.test('new limits are taken over', async (t) => {
  const server = await testNats(t)
  const { connection } = await testConnection(t, server.url)
  const jsm = await jetstreamManager(connection)
  const before = await ensureStream(jsm, 'ORDERS', limits)
  const after = await ensureStream(jsm, 'ORDERS', { ...limits, maxBytes: 20_971_520, maxAgeDays: 1 })
  t.ok(after)
  t.equal(after?.created, before?.created)
  const { config } = await jsm.streams.info('ORDERS')
  t.match(config, { max_bytes: 20_971_520, max_age: 86_400_000_000_000, subjects: ['order.>'] })
})

t.test('nobody can delete a message or purge the stream, and a full one refuses', async (t) => {
  const server = await testNats(t)
  const { connection } = await testConnection(t, server.url)
  const jsm = await jetstreamManager(connection)
  await ensureStream(jsm, 'STOCK', { ...limits, maxBytes: 2_000 })
  const js = jetstream(connection)
  const { seq } = await js.publish('stock.reserved', 'x'.repeat(1_500))
  await t.rejects(jsm.streams.deleteMessage('STOCK', seq), JetStreamApiError)
  await t.rejects(jsm.streams.purge('STOCK'), JetStreamApiError)
  await t.rejects(js.publish('stock.reserved', 'x'.repeat(1_500)), { message: /maximum bytes exceeded/ })
  t.equal((await jsm.streams.getMessage('STOCK', { seq }))?.data.length, 1_500, 'the old one is still there')
})
