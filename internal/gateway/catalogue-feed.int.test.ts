import t, { type Test } from 'tap'
import { createLog } from '../platform/log.ts'
import { connectNats } from '../platform/nats.ts'
import { newId } from '../platform/new-id.ts'
import { createScope } from '../platform/run.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { testNats } from '../platform/testing/nats-server.ts'
import { anyCategory, anyFamily, anyProduct, anyStock } from './catalogue-changes.ts'
import { catalogueFeed } from './catalogue-feed.ts'
import { product } from './testing/fake-services.ts'
import { gatewayOptions, testGateway } from './testing/test-gateway.ts'

const log = createLog('test', 'silent')
const server = await testNats(t)
const scope = createScope(log, () => undefined)
const nats = await connectNats(scope, log, server.url, 'test')
t.teardown(() => scope.close())

const publish = (subject: string, data: object): void =>
  nats.connection.publish(subject, JSON.stringify(data))

async function listening(t: Test, quietMs?: number) {
  const heard: string[][] = []
  const feed = catalogueFeed(nats, log, (things) => void heard.push([...things]), quietMs)
  t.teardown(() => feed.stop())
  feed.listen()
  await nats.connection.flush()
  return { feed, heard }
}

const [a, b] = [newId(), newId()]

for (const [subject, data, things] of [
  ['product.created', { product: { ...product, id: a } }, [a, anyProduct]],
  ['product.updated', { product: { ...product, id: a } }, [a, anyProduct]],
  ['product.deleted', { productId: a, sku: 'x', deletedAt: 'now' }, [a, anyProduct]],
  ['category.updated', { category: { id: a, path: 'x' } }, [a, anyCategory, anyProduct]],
  ['family.updated', { family: { id: a, name: 'x' } }, [a, anyFamily]],
  ['stock.adjusted', { productId: a, quantity: 1, available: 2, reason: 'r' }, [a, anyStock]],
  [
    'stock.reserved',
    { orderId: newId(), lines: [a, b].map((productId) => ({ productId, quantity: 1 })) },
    [a, b, anyStock],
  ],
  ['stock.released', { orderId: newId(), lines: [{ productId: b, quantity: 1 }] }, [b, anyStock]],
] as const) {
  t.test(`${subject} changes what it names`, async (t) => {
    const { heard } = await listening(t)
    publish(subject, data)
    await eventually('it is heard', async () => heard.length > 0)
    t.strictSame(heard, [things])
  })
}

t.test('other events change nothing of the catalogue', async (t) => {
  const { heard } = await listening(t)
  for (const subject of ['stock.rejected', 'order.created', 'user.registered']) publish(subject, { id: a })
  publish('stock.adjusted', { productId: b })
  await eventually('the last one is heard', async () => heard.length > 0)
  t.strictSame(heard, [[b, anyStock]])
})

t.test('nobody listens when nothing has been read for a while, until something is', async (t) => {
  const { feed, heard } = await listening(t, 20)
  const isHeard = async (): Promise<boolean> => {
    const before = heard.length
    publish('stock.adjusted', { productId: a })
    await nats.connection.flush()
    return heard.length > before
  }
  t.ok(await isHeard())
  await eventually('it has gone', async () => !(await isHeard()))
  feed.listen()
  await nats.connection.flush()
  t.ok(await isHeard())
  feed.stop()
  feed.listen()
  t.notOk(await isHeard(), 'nor after its end')
})

t.test('without NATS there is nothing to hear', async () => {
  const feed = catalogueFeed(undefined, log, () => undefined)
  feed.listen()
  feed.stop()
})

t.test('an event ends what the gateway keeps', async (t) => {
  const shelf = { stock: 7 }
  const { inventory } = gatewayOptions()
  const { send } = await testGateway(t, {
    nats,
    inventory: { ...inventory, getProduct: async () => ({ product: { ...product, ...shelf } }) },
  })
  const read = async (): Promise<number> =>
    (await send(`GET /products/${product.id}`)).json<{ stock: number }>().stock
  const now = performance.now.bind(performance)
  t.teardown(() => (performance.now = now))
  performance.now = () => 0 // no cached answer expires in this test
  t.equal(await read(), 7)
  await nats.connection.flush()
  shelf.stock = 5
  t.equal(await read(), 7, 'nobody has told')
  publish('stock.reserved', { orderId: newId(), lines: [{ productId: product.id, quantity: 2 }] })
  await eventually('the new stock is shown', async () => (await read()) === 5)
})
