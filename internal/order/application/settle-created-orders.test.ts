import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { cancel, changeOf, type Order, type OrderId } from '../domain/order.ts'
import { fakeStock } from '../testing/fake-stock.ts'
import {
  createdFrom,
  createdOrder,
  newOrderId,
  newProductId,
  now,
  placed,
  trace,
} from '../testing/fixtures.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import type { Orders } from './orders.ts'
import { releaseCanceledOrders } from './release-canceled-orders.ts'
import { settleCreatedOrders } from './settle-created-orders.ts'
import { noPrices } from '../testing/no-checkout.ts'

function shop() {
  const [stock, orders] = [fakeStock(), inMemoryOrders()]
  const deps = { stock, orders, prices: noPrices, now: () => now }
  const pending = async (): Promise<Order> => (await orders.add(placed(), undefined, trace)).order
  return { stock, orders, pending, settle: settleCreatedOrders(deps), release: releaseCanceledOrders(deps) }
}

const reasonOf = (order: Order | undefined): string => order?.history.at(-1)?.reason ?? ''

t.test('each order is settled as its stock was decided, all with one command', async (t) => {
  const { stock, orders, pending, settle } = shop()
  const [held, short, canceled, poor] = [await pending(), await pending(), await pending(), await pending()]
  const productId = newProductId()
  stock.decideWith(({ orderId }) => {
    if (orderId === held.id) return { orderId, outcome: 'held' }
    if (orderId === canceled.id) return { orderId, outcome: 'released' }
    const shortage = { productId, requested: 3, available: 1 }
    return { orderId, outcome: 'rejected', shortages: Array(orderId === poor.id ? 5 : 1).fill(shortage) }
  })
  const all = [held, short, canceled, poor]
  t.same(await settle(all.map(createdFrom)), [undefined, undefined, undefined, undefined])
  const settled = await Promise.all(all.map(({ id }) => orders.find(id)))
  t.same(
    settled.map((order) => order?.status),
    ['confirmed', 'rejected', 'rejected', 'rejected'],
  )
  t.equal(reasonOf(settled[1]), `out of stock: ${productId} (3 wanted, 1 there)`)
  t.equal(reasonOf(settled[2]), 'the stock was released')
  t.match(reasonOf(settled[3]), / and 2 more$/)
  t.equal(stock.asked.length, 1)
})

t.test('an order that names an unknown product is refused, and the others are settled', async (t) => {
  const { stock, orders, pending, settle } = shop()
  const [good, bad] = [await pending(), await pending()]
  stock.decideWith(({ orderId }) => ({
    orderId,
    outcome: orderId === bad.id ? 'unknown-product' : 'held',
  }))
  const [one, two] = await settle([good, bad].map(createdFrom))
  t.equal(one, undefined)
  t.match(two, { kind: 'invalid', code: 'message.unknown-product' })
  t.match(await orders.find(good.id), { status: 'confirmed' })
  t.match(await orders.find(bad.id), { status: 'pending' })
  t.match(await settle([createdFrom(bad)]), [{ code: 'message.unknown-product' }], 'also alone')
})

t.test('an order whose stock is busy comes again later, and the others are settled', async (t) => {
  const { stock, orders, pending, settle } = shop()
  const [good, busy, last] = [await pending(), await pending(), await pending()]
  stock.decideWith(({ orderId }) => ({ orderId, outcome: orderId === busy.id ? 'busy' : 'held' }))
  const [one, two, three] = await settle([good, busy, last].map(createdFrom))
  t.same([one, three], [undefined, undefined])
  t.match(two, { kind: 'unavailable', code: 'stock.busy' })
  const statuses = await Promise.all(
    [good, busy, last].map(async ({ id }) => (await orders.find(id))?.status),
  )
  t.same(statuses, ['confirmed', 'pending', 'confirmed'])
  stock.decideWith(({ orderId }) => ({ orderId, outcome: 'held' }))
  t.same(await settle([createdFrom(busy)]), [undefined])
  t.match(await orders.find(busy.id), { status: 'confirmed' })
})

t.test('for an order that does not exist nothing is reserved, and its message is refused', async (t) => {
  const { stock, pending, settle } = shop()
  const real = await pending()
  const stray = createdOrder()
  const [one, two] = await settle([createdFrom(real), stray])
  t.equal(one, undefined)
  t.match(two, { kind: 'invalid', code: 'message.unknown-order' })
  t.same(stock.asked, [[real.id]])
  t.equal(stock.released.size, 0)
  t.match(await settle([createdOrder()]), [{ code: 'message.unknown-order' }], 'also alone')
  t.equal(stock.asked.length, 1)
})

t.test('what is reserved are the lines of the order, whatever its message says', async (t) => {
  const { stock, pending, settle } = shop()
  const order = await pending()
  const wanted: unknown[] = []
  stock.decideWith(({ orderId, lines }) => {
    wanted.push(lines)
    return { orderId, outcome: 'held' }
  })
  const forged = [{ productId: newProductId(), quantity: 1_000_000 }]
  t.same(await settle([createdOrder({ orderId: order.id, lines: forged })]), [undefined])
  t.same(wanted, [order.lines])
})

for (const status of ['confirmed', 'rejected', 'canceled', 'paid', 'shipped', 'completed'] as const) {
  t.test(`a message that a ${status} order was created reserves nothing`, async (t) => {
    const { stock, orders, pending, settle } = shop()
    const { id } = await pending()
    await orders.update([{ id, trace, decide: (order) => changeOf({ ...order, status }) }])
    t.same(await settle([createdOrder({ orderId: id })]), [undefined])
    t.same(stock.asked, [])
    t.match(await orders.find(id), { status })
  })
}

t.test('settling again changes nothing', async (t) => {
  const { orders, pending, settle } = shop()
  const order = createdFrom(await pending())
  await settle([order])
  const before = await orders.find(order.orderId)
  t.same(await settle([order]), [undefined])
  t.equal(await orders.find(order.orderId), before)
})

t.test('when the stock or the orders are away, nothing is said to be done', async (t) => {
  const { stock, orders, pending } = shop()
  const order = createdFrom(await pending())
  const away = () => Promise.reject(new Refusal('unavailable', 'test.away', 'away'))
  const settle = (deps: object) =>
    settleCreatedOrders({ stock, orders, prices: noPrices, now: () => now, ...deps })
  await t.rejects(settle({ orders: { ...orders, update: away } })([order]), { code: 'test.away' })
  await t.rejects(settle({ stock: { ...stock, reserve: away } })([order]), { code: 'test.away' })
})

t.test('the stock of canceled orders goes back first, then the orders know', async (t) => {
  const { stock, orders, pending, release } = shop()
  const marked: unknown[] = []
  const noting = { ...orders, markReleased: async (ids: unknown) => void marked.push(ids) }
  const orderId = await canceledOf(orders, await pending())
  t.same(await releaseCanceledOrders({ stock, orders: noting })([{ orderId, trace }]), [undefined])
  t.same([...stock.released.keys()], [orderId])
  t.same(marked, [[{ id: orderId, revision: 1 }]])
  const failing = { ...stock, release: () => Promise.reject(new Error('no')) }
  await t.rejects(releaseCanceledOrders({ stock: failing, orders: noting })([{ orderId, trace }]))
  t.equal(marked.length, 1)
  t.same(await release([]), [])
})

t.test('a message that an order was canceled releases nothing when that is not true', async (t) => {
  const { stock, orders, pending, settle, release } = shop()
  const [confirmed, canceled] = [await pending(), await pending()]
  await settle([createdFrom(confirmed)])
  await canceledOf(orders, canceled)
  const stray = newOrderId()
  const refusals = await release([confirmed.id, canceled.id, stray].map((orderId) => ({ orderId, trace })))
  t.match(refusals, [
    { kind: 'invalid', code: 'message.not-canceled' },
    undefined,
    { code: 'message.unknown-order' },
  ])
  t.same([...stock.released.keys()], [canceled.id])
  t.match(await orders.find(confirmed.id), { status: 'confirmed', awaitingRelease: false })
  stock.released.clear()
  t.same(await release([{ orderId: canceled.id, trace }]), [undefined], 'a repetition is no fault')
  t.equal(stock.released.size, 0, 'and gives nothing back again')
})

async function canceledOf(orders: Orders, { id }: Order): Promise<OrderId> {
  await orders.update([{ id, trace, decide: (order) => cancel(order, '', now) }])
  return id
}
