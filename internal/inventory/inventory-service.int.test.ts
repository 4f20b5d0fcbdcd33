import t, { type Test } from 'tap'
import { systemCall } from '../platform/call.ts'
import { createLog } from '../platform/log.ts'
import { createScope } from '../platform/run.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { openInventoryService, type Inventory } from './open-inventory-service.ts'
import { newOrderId } from './testing/fixtures.ts'

const call = systemCall('story')
const lamp = {
  name: 'Lamp',
  category: 'lights',
  priceMinor: '295',
  sku: 'L1',
  description: '',
  images: [],
  stock: 5,
}

async function open(t: Test, url: string): Promise<Inventory> {
  const log = createLog('test', 'silent')
  const scope = createScope(log, (err) => t.error(err))
  t.teardown(() => scope.close())
  const database = { url, applicationName: 'inventory', maxConnections: 3, statementTimeoutMs: 5_000 }
  return openInventoryService(scope, {
    log,
    database,
    currency: 'EUR',
    ...{ lowStockUnits: 0, imagesDir: '', imagesMaxBytes: 0 },
    wakeProducer: () => {},
  })
}

t.test('a product is created, quoted, reserved and read again', async (t) => {
  const { url } = await testDatabase(t)
  const { handlers, health } = await open(t, url)
  t.strictSame(await health.checkReadiness({}, call), {
    checks: [{ name: 'inventory database', ready: true, detail: '' }],
  })
  t.strictSame(await health.readGauges({}, call), { gauges: [] })
  const { product } = await handlers.createProduct(lamp, call)
  const { id: productId } = product
  const order = {
    orderId: newOrderId(),
    lines: [{ productId, quantity: 2 }],
    cause: { correlationId: '', causationId: '', traceparent: '' },
  }
  t.match(await handlers.reserveStock({ orders: [order] }, call), { decisions: [{ outcome: 'held' }] })
  t.strictSame(await handlers.getProduct({ id: productId }, call), { product: { ...product, stock: 3 } })
  t.match(await handlers.quoteProducts({ productIds: [productId] }, call), { quotes: [{ available: 3 }] })
})

t.test('a database that is away makes it not ready, with no word of where it is', async (t) => {
  const { health } = await open(t, 'postgres://nobody:secret@127.0.0.1:1/none')
  t.strictSame(await health.checkReadiness({}, call), {
    checks: [{ name: 'inventory database', ready: false, detail: 'the database does not answer' }],
  })
})
