import t from 'tap'
import type { OrderId } from '../domain/order.ts'
import { placeOrder } from '../application/place-order.ts'
import { settleCreatedOrders } from '../application/settle-created-orders.ts'
import { fakeStock } from '../testing/fake-stock.ts'
import { createdOrder, customer, newOrderId, now, quote } from '../testing/fixtures.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { holdBack, type HoldBackLimits } from './hold-back.ts'
import { noPrices } from '../testing/no-checkout.ts'

/** Longer than any test, so that a placed order counts until it is decided. */
const neverMs = 120_000
const call = customer()
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

/** The real use cases over a store in memory, and one product of which `available` units are in stock. */
function shop(limits: HoldBackLimits, available = 100) {
  const orders = inMemoryOrders()
  const product = quote({ available })
  const catalog = { quote: async () => new Map([[product.productId, product]]) }
  const deps = { orders, catalog, newOrderId, now: () => now, digest: (text: string) => text }
  const stock = fakeStock()
  const settle = settleCreatedOrders({ ...deps, stock, prices: noPrices })
  const work = holdBack({ place: placeOrder(deps), settle }, limits)
  return {
    stock,
    placed: () => orders.events.filter(({ type }) => type === 'pending').length,
    place: async (quantity = 1, idempotencyKey?: string) => {
      const items = [{ productId: product.productId, quantity }]
      return (await work.place({ items, idempotencyKey }, call)).order.id
    },
    decide: (...ids: readonly OrderId[]) => work.settle(ids.map((orderId) => createdOrder({ orderId }))),
  }
}

t.test('so many are placed while none is decided; the others follow, in their order', async (t) => {
  const { place, decide, placed } = shop({ undecided: 2, forgottenAfterMs: neverMs })
  const [first, second] = await Promise.all([place(), place()])
  const later: number[] = []
  const waiting = [3, 4, 5].map((number) => place().then(() => later.push(number)))
  await turn()
  t.equal(placed(), 2)
  await decide(first)
  await turn()
  t.same(later, [3])
  t.equal(placed(), 3)
  await decide(second, newOrderId())
  await Promise.all(waiting)
  t.same(later, [3, 4, 5])
})

t.test('an order whose stock is busy is as undecided as before', async (t) => {
  const { stock, place, decide, placed } = shop({ undecided: 2, forgottenAfterMs: neverMs })
  const [first, second] = await Promise.all([place(), place()])
  const third = place()
  stock.decideWith(({ orderId }) => ({ orderId, outcome: 'busy' }))
  await decide(first, second)
  await turn()
  t.equal(placed(), 2)
  stock.decideWith(({ orderId }) => ({ orderId, outcome: 'held' }))
  await decide(first)
  await third
  t.equal(placed(), 3)
})

t.test('what is refused, or was placed before, leaves its room to others', async (t) => {
  const { place, decide, placed } = shop({ undecided: 2, forgottenAfterMs: neverMs }, 1)
  for (const _ of [1, 2, 3]) await t.rejects(place(2), { code: 'order.out-of-stock' })
  for (const _ of [1, 2, 3]) await place(1, 'the same')
  t.equal(placed(), 1)
  const last = place()
  await last
  const tooMany = place()
  await turn()
  t.equal(placed(), 2, 'and no more room than there was')
  await decide(await last)
  await tooMany
})

t.test('what was decided elsewhere makes no more room than there is', async (t) => {
  const { place, decide, placed } = shop({ undecided: 1, forgottenAfterMs: neverMs })
  await decide(newOrderId(), newOrderId(), newOrderId())
  const first = await place()
  const second = place()
  await turn()
  t.equal(placed(), 1)
  await decide(first)
  await second
})

t.test('where nothing is decided orders are accepted all the same, so many at a time', async (t) => {
  const { place, placed } = shop({ undecided: 2, forgottenAfterMs: 30 })
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: 6 }, () => place()))
  t.equal(placed(), 6)
  t.ok(performance.now() - startedAt >= 55, 'twice the time after which the first are forgotten')
})
