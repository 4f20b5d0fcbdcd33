import t from 'tap'
import type { ProductId } from '../domain/order.ts'
import type { Quote } from '../domain/place.ts'
import { fakeStock } from '../testing/fake-stock.ts'
import {
  admin,
  createdFrom,
  customer,
  newOrderId,
  newShipmentId,
  newUserId,
  now,
  quote,
} from '../testing/fixtures.ts'
import { noPayments } from '../testing/no-payments.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { cancelOrder, changeOrderStatus } from './change-orders.ts'
import { placeOrder } from './place-order.ts'
import { getOrder, listOrders } from './read-orders.ts'
import { settleCreatedOrders } from './settle-created-orders.ts'
import { noPrices } from '../testing/no-checkout.ts'

function app(quotes: readonly Quote[] = [quote()]) {
  const known = new Map<ProductId, Quote>(quotes.map((each) => [each.productId, each]))
  const orders = inMemoryOrders()
  const deps = {
    orders,
    catalog: { quote: async () => known },
    newOrderId,
    now: () => now,
    digest: (text: string) => text,
  }
  return {
    orders,
    known,
    items: quotes.map(({ productId }) => ({ productId, quantity: 1 })),
    place: placeOrder(deps),
    get: getOrder(deps),
    list: listOrders(deps),
    cancel: cancelOrder({ ...deps, files: orders.files, payments: noPayments }),
    change: changeOrderStatus({ ...deps, files: orders.files, payments: noPayments, newShipmentId }),
    settle: settleCreatedOrders({ ...deps, stock: fakeStock(), prices: noPrices }),
  }
}

t.test('an order is placed for whoever is logged in', async (t) => {
  const { place, items, orders } = app()
  const call = customer()
  const { order } = await place({ items, idempotencyKey: undefined }, call)
  t.match(order, { status: 'pending', userId: call.actor?.kind === 'user' ? call.actor.userId : '' })
  await t.rejects(place({ items, idempotencyKey: undefined }, { ...call, actor: undefined }), {
    code: 'auth.required',
  })
  t.equal(orders.events.length, 1)
})

t.test('the same key gives the same order, even when stock has run out since', async (t) => {
  const product = quote({ available: 1 })
  const { place, items, known } = app([product])
  const call = customer()
  const first = await place({ items, idempotencyKey: 'k' }, call)
  known.set(product.productId, { ...product, available: 0 })
  const again = await place({ items, idempotencyKey: 'k' }, call)
  t.match(again, { isNew: false, order: { id: first.order.id } })
  await t.rejects(place({ items, idempotencyKey: 'other' }, call), { code: 'order.out-of-stock' })
})

t.test('a key used with another body is refused; the order of the items is no difference', async (t) => {
  const { place, items } = app([quote(), quote()])
  const call = customer()
  await place({ items, idempotencyKey: 'k' }, call)
  t.match(await place({ items: [...items].reverse(), idempotencyKey: 'k' }, call), { isNew: false })
  const other = items.map((item) => ({ ...item, quantity: 2 }))
  await t.rejects(place({ items: other, idempotencyKey: 'k' }, call), {
    code: 'order.idempotency-key-reused',
  })
})

t.test("a customer sees, lists and cancels only what is theirs; an admin everybody's", async (t) => {
  const { place, items, get, list, cancel } = app()
  const mine = customer()
  const { order } = await place({ items, idempotencyKey: undefined }, mine)
  const filter = { userId: undefined, status: undefined, after: undefined, limit: 10 }
  t.equal((await get(order.id, mine)).id, order.id)
  t.equal((await get(order.id, admin())).id, order.id)
  await t.rejects(get(order.id, customer()), { kind: 'not-found', code: 'order.not-found' })
  await t.rejects(cancel({ id: order.id, reason: '' }, customer()), { code: 'order.not-found' })
  await t.rejects(cancel({ id: newOrderId(), reason: '' }, mine), { code: 'order.not-found' })
  t.equal((await list(filter, customer())).orders.length, 0)
  t.equal((await list(filter, mine)).orders.length, 1)
  t.equal((await list(filter, admin())).orders.length, 1)
  await t.rejects(list({ ...filter, userId: newUserId() }, mine), { code: 'auth.forbidden' })
  t.match((await cancel({ id: order.id, reason: 'no' }, mine)).result, { status: 'canceled' })
  t.match((await cancel({ id: order.id, reason: 'again' }, mine)).result, {
    status: 'canceled',
    version: 2,
  })
})

t.test('only admins move an order along, and paid needs a reference', async (t) => {
  const { place, items, change, settle } = app()
  const mine = customer()
  const { order } = await place({ items, idempotencyKey: undefined }, mine)
  await settle([createdFrom(order)])
  const paid = { id: order.id, status: 'paid', reason: '', reference: 'bank-1' } as const
  await t.rejects(change(paid, mine), { code: 'auth.forbidden' })
  for (const reference of ['', '  '])
    await t.rejects(change({ ...paid, reference }, admin()), { code: 'payment.reference-missing' })
  t.match(await change(paid, admin()), { status: 'paid' })
})
