import t, { type Test } from 'tap'
import { runAudit } from '../audit/audit-service.ts'
import { openInventoryService } from '../inventory/open-inventory-service.ts'
import { openOrderService } from '../order/open-order-service.ts'
import { paymentRpc } from '../payment/infrastructure/payment-rpc.ts'
import { openPayments } from '../payment/testing/open-payments.ts'
import { systemCall, type Call } from '../platform/call.ts'
import { createLog } from '../platform/log.ts'
import { newId } from '../platform/new-id.ts'
import { createScope } from '../platform/run.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { aggregates, storingServices } from '../services.ts'
import { noCartCalls } from '../order/testing/no-checkout.ts'
import { interludes, seams, type Fault, type Seam } from './testing/broken-calls.ts'
import { noErasures } from '../platform/testing/no-erasures.ts'

// Order, inventory and payment on PostgreSQL. A revival is broken off at each of its seams, by a call that does nothing
// or by one that is done and whose answer is lost, as when the process dies there. Then the sweeper has to end it.

const system = systemCall('drill')
const person = (role: 'customer' | 'admin'): Call => ({
  ...{ actor: { kind: 'user', userId: newId(), role }, correlationId: 'drill', traceparent: '' },
})

async function openShop(t: Test) {
  const { url } = await testDatabase(t)
  const log = createLog('test', 'silent')
  const scope = createScope(log, (err) => t.error(err))
  t.teardown(() => scope.close())
  const options = (applicationName: string) => ({
    ...{ log, wakeProducer: () => undefined },
    database: { url, applicationName, maxConnections: 3, statementTimeoutMs: 20_000 },
  })
  const payments = openPayments(t, url)
  const breaks = seams()
  const inventory = (
    await openInventoryService(scope, {
      ...options('inventory'),
      currency: 'EUR',
      lowStockUnits: 0,
      imagesDir: '',
      imagesMaxBytes: 0,
    })
  ).handlers
  const { handlers, afterNews } = interludes(paymentRpc({ ...payments.app, ...nobody, methods: [] }))
  const order = openOrderService(scope, {
    ...options('order'),
    ...noCartCalls,
    user: noErasures,
    inventory: breaks.over(inventory),
    payment: breaks.over(handlers),
    holdSeconds: 0,
  })
  const sweep = () => order.reactions.sweep({ olderThanSeconds: 0 }, system)
  return { ...breaks, afterNews, url, payments, inventory, order, sweep }
}

/** No people are asked about here. */
const nobody = { hasOpenMoney: async () => false, takeOverOrders: async () => undefined }

type Shop = Awaited<ReturnType<typeof openShop>>

/** An order of two of three units whose customer is at the bank when its hold ends. */
async function orderAtTheBank({ inventory, order, payments, sweep }: Shop) {
  const lamp = { name: 'Lamp', category: 'lights', priceMinor: '250', sku: '', description: '', images: [] }
  const { product } = await inventory.createProduct({ ...lamp, stock: 3 }, person('admin'))
  const call = person('customer')
  const items = [{ productId: product.id, quantity: 2 }]
  const { id } = (await order.handlers.placeOrder({ items, idempotencyKey: '' }, call)).order
  await sweep()
  const wanted = { id, method: 'card', token: 'pm_card_threeDSecure2Required', returnUrl: '', client: '' }
  await order.handlers.payOrder(wanted, call)
  await payments.drain()
  // The end begins, and the attempt is called back.
  await sweep()
  await payments.drain()
  const orderNow = async () => (await order.handlers.getOrder({ id }, person('admin'))).order
  const stock = async () =>
    (await inventory.getStock({ productIds: [product.id] }, system)).levels[0]?.available
  return { id, orderNow, stock, productId: product.id }
}

/** The same when it has expired, and its stock is back. */
async function expiredOrder(shop: Shop) {
  const found = await orderAtTheBank(shop)
  for (let n = 0; n < 3; n++) await shop.sweep()
  t.match([(await found.orderNow()).status, await found.stock()], ['expired', 3])
  return found
}

/** The bank approves after all; resolves with the event that tells of it. */
async function approve({ payments }: Shop, id: string) {
  const { ref } = (await payments.account(id as never)).payments[0]!
  payments.fake.approve(ref!)
  const body = Buffer.from(JSON.stringify({ ref, eventId: `evt_${ref!}` }))
  await payments.app.receiveWebhook('fake', { 'x-signature': 'good' }, body)
  await payments.drain()
  const late = (await payments.events(id as never)).find(({ subject }) => subject === 'payment.late')!
  const type = 'tillstream.payment.late.v1'
  return { id: newId(), type, data: late.data, correlationId: 'drill', traceparent: '' } as never
}

const revive = async ({ order }: Shop, event: never) =>
  order.reactions.react({ reaction: 'revive-late', events: [event] }, system).catch((err: unknown) => err)

async function auditIsClean(t: Test, { url }: Shop): Promise<void> {
  const databases = Object.fromEntries(storingServices.map((service) => [service, url]))
  const { invariants } = await runAudit({ aggregates, databases, nats: undefined })
  t.strictSame(
    invariants.filter(({ violations }) => violations > 0),
    [],
  )
}

const faultsOf = (...names: readonly Seam[]): readonly Fault[] =>
  names.flatMap((seam) => [{ seam, when: 'before' } as const, { seam, when: 'after' } as const])

for (const fault of faultsOf('reserveStock', 'reopenGate')) {
  t.test(`a revival that is broken off ${fault.when} ${fault.seam} goes on`, async (t) => {
    const shop = await openShop(t)
    const { id, orderNow, stock } = await expiredOrder(shop)
    const event = await approve(shop, id)
    shop.arm(fault)
    t.match(await revive(shop, event), { code: 'service.unavailable' })
    t.equal((await orderNow()).status, 'expired', 'so much is shown meanwhile')
    await auditIsClean(t, shop)
    await shop.sweep()
    t.match(await orderNow(), { status: 'paid', paymentStatus: 'paid', version: 4 })
    t.equal(await stock(), 1)
    t.match(await revive(shop, event), { refused: [] }, 'the event comes again')
    await shop.payments.drain()
    t.match(await shop.payments.amounts(id as never), { capturedMinor: 500n, refundedMinor: 0n })
    t.equal(await stock(), 1)
    await auditIsClean(t, shop)
  })
}

for (const cause of ['no stock', 'no money'] as const) {
  for (const fault of faultsOf('reserveStock', 'releaseStock', 'closeGate')) {
    t.test(
      `one that ends for ${cause} is broken off ${fault.when} ${fault.seam}, and all goes back`,
      async (t) => {
        const shop = await openShop(t)
        const { id, orderNow, stock, productId } = await expiredOrder(shop)
        const event = await approve(shop, id)
        if (cause === 'no stock') {
          const lost = { productId, quantity: -2, reason: 'lost', idempotencyKey: '' }
          await shop.inventory.adjustStock(lost, person('admin'))
        } else {
          // It has waited for too long, and that shows when the revival has begun.
          shop.afterNews(async () => {
            shop.payments.pass(60_000)
            await shop.payments.drain()
          })
        }
        shop.arm(fault)
        t.match(await revive(shop, event), { code: 'service.unavailable' })
        for (let n = 0; n < 3; n++) await shop.sweep()
        t.notOk(shop.isArmed())
        t.match(await orderNow(), { status: 'expired', version: 3 })
        t.equal(await stock(), cause === 'no stock' ? 1 : 3)
        await shop.payments.drain()
        t.match(await shop.payments.amounts(id as never), { capturedMinor: 500n, refundedMinor: 500n })
        await auditIsClean(t, shop)
      },
    )
  }
}

t.test('money that comes between the closed gate and the end of the order revives it', async (t) => {
  const shop = await openShop(t)
  const { id, orderNow, stock } = await orderAtTheBank(shop)
  shop.arm({ seam: 'closeGate', when: 'after' })
  await shop.sweep()
  t.notOk(shop.isArmed())
  const event = await approve(shop, id)
  t.match(await revive(shop, event), { refused: [] })
  t.match([(await orderNow()).status, await stock()], ['confirmed', 1], 'it is still about to end')
  for (let n = 0; n < 4; n++) await shop.sweep()
  const { status, history } = await orderNow()
  t.equal(status, 'paid')
  t.strictSame(
    history.map((change) => change.status),
    ['pending', 'confirmed', 'expired', 'paid'],
  )
  t.equal(await stock(), 1)
  await shop.payments.drain()
  t.match(await shop.payments.amounts(id as never), { capturedMinor: 500n, refundedMinor: 0n })
  await auditIsClean(t, shop)
})

t.test('of an order that is revived by many at once nothing is done twice', async (t) => {
  const shop = await openShop(t)
  const { id, orderNow, stock } = await expiredOrder(shop)
  const event = await approve(shop, id)
  await Promise.all([...Array.from({ length: 6 }, () => revive(shop, event)), shop.sweep(), shop.sweep()])
  t.match(await orderNow(), { status: 'paid', version: 4 })
  t.equal(await stock(), 1)
  await auditIsClean(t, shop)
})

t.test('the last unit goes to a revival or to a new order, and never to both', async (t) => {
  const shop = await openShop(t)
  const { id, orderNow, stock, productId } = await expiredOrder(shop)
  const event = await approve(shop, id)
  const items = [{ productId, quantity: 2 }]
  const placed = await shop.order.handlers.placeOrder({ items, idempotencyKey: '' }, person('customer'))
  const cause = { correlationId: 'drill', causationId: '', traceparent: '' }
  const [, other] = await Promise.all([
    revive(shop, event),
    shop.inventory.reserveStock({ orders: [{ orderId: placed.order.id, lines: items, cause }] }, system),
  ])
  const isHeld = other.decisions[0]?.outcome === 'held'
  await shop.payments.drain()
  t.equal((await orderNow()).status, isHeld ? 'expired' : 'paid')
  t.equal(await stock(), 1)
  const kept = await shop.payments.amounts(id as never)
  t.equal(kept.capturedMinor - kept.refundedMinor, isHeld ? 0n : 500n)
})

t.test(
  'an order that was revived can be canceled, and a late release of its first hold gives nothing back',
  async (t) => {
    const shop = await openShop(t)
    const { id, orderNow, stock } = await expiredOrder(shop)
    await revive(shop, await approve(shop, id))
    const late = { orderId: id, kept: [], short: [], goesOn: false, holdNo: 1 }
    const cause = { correlationId: 'drill', causationId: '', traceparent: '' }
    await shop.inventory.releaseStock({ releases: [{ ...late, cause }] }, system)
    t.equal(await stock(), 1)
    await shop.order.handlers.cancelOrder({ id, reason: '' }, person('admin'))
    await shop.sweep()
    await shop.payments.drain()
    t.equal((await orderNow()).status, 'canceled')
    t.equal(await stock(), 3)
    t.match(await shop.payments.amounts(id as never), { capturedMinor: 500n, refundedMinor: 500n })
    await auditIsClean(t, shop)
  },
)
