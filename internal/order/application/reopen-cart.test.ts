import t from 'tap'
import { buy } from '../domain/buy.ts'
import { confirm, pay, type OrderId } from '../domain/order.ts'
import type { GateOutcome } from '../domain/closing.ts'
import { fakePayments } from '../testing/fake-payments.ts'
import { customer, now, trace } from '../testing/fixtures.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { purchase } from '../testing/purchases.ts'
import type { ShoppersCart } from './carts.ts'
import { reopenCart } from './reopen-cart.ts'
import type { untoldOrder } from './follow-up.ts'

/** A cart that is locked for an order whose stock is held. */
async function shop(outcome: GateOutcome) {
  const orders = inMemoryOrders()
  const wanted = purchase()
  await orders.checkouts.add(buy(wanted, now), trace, undefined)
  const change = (decide: typeof confirm) =>
    orders.update([{ id: wanted.id, trace, decide: (o) => decide(o, now) }])
  await change(confirm)
  const { id, version } = wanted.terms.cart
  const cart: ShoppersCart = {
    ...{ id, version: version + 1, isLocked: true, lockedFor: wanted.id, lockedVersion: version },
    ...{ currency: 'EUR', lines: [], promotionCodes: [], delivery: undefined, shippingMethod: undefined },
  }
  const followed: OrderId[] = []
  const deps = {
    ...{ orders, files: orders.files, payments: { ...fakePayments(), closeGate: async () => outcome } },
    ...{ carts: { find: async () => cart }, now: () => now },
    followUp: async (told: readonly ReturnType<typeof untoldOrder>[]) =>
      void followed.push(...told.map(({ orderId }) => orderId)),
  }
  return {
    ...{ followed, id: wanted.id },
    pay: () => change(pay),
    reopen: () => reopenCart(deps)(customer(wanted.userId)),
    order: async () => (await orders.find(wanted.id))!,
  }
}

t.test('the order of a cart that is reopened is canceled, and what follows is done', async (t) => {
  const { reopen, order, followed, id } = await shop('uncovered')
  await reopen()
  t.match(await order(), { status: 'canceled', closing: undefined, awaitingCart: true })
  t.same(followed, [id])
})

t.test('a cart whose order turns out to be covered is not reopened', async (t) => {
  const { reopen, order, followed } = await shop('covered')
  await t.rejects(reopen(), { kind: 'conflict', code: 'order.paid' })
  t.match(await order(), { status: 'paid', closing: undefined })
  t.same(followed, [])
})

t.test(
  'a cart that does not know yet that its order is paid is not reopened, and the order stays',
  async (t) => {
    const { reopen, order, pay: paid } = await shop('covered')
    await paid()
    const { version } = await order()
    await t.rejects(reopen(), { kind: 'conflict', code: 'order.paid' })
    t.match(await order(), { status: 'paid', closing: undefined, version })
  },
)
