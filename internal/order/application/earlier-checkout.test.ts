import t from 'tap'
import type { Call, Once } from '../../platform/call.ts'
import { buy } from '../domain/buy.ts'
import type { Order } from '../domain/order.ts'
import { customer, now, system } from '../testing/fixtures.ts'
import { purchase } from '../testing/purchases.ts'
import type { ShoppersCart } from './carts.ts'
import { checkout, type CheckoutDeps } from './checkout.ts'
import { findEarlier } from './earlier-checkout.ts'

const wanted = purchase()
const order = buy(wanted, now).state
const { id: cartId, version } = wanted.terms.cart
const checkouts = {
  findByCart: async (cart: {
    readonly cartId: string
    readonly version: number
  }): Promise<Order | undefined> => (cart.cartId === cartId && cart.version === version ? order : undefined),
  findNewest: async (): Promise<Order | undefined> => order,
}
const none: ShoppersCart = {
  ...{ id: undefined, version: 0, isLocked: false, lockedFor: undefined, lockedVersion: undefined },
  ...{ currency: 'EUR', lines: [], promotionCodes: [], delivery: undefined, shippingMethod: undefined },
}
const total = Number(order.totalMinor) / 100
const find = (cart: Partial<ShoppersCart>, call: Call = customer(wanted.userId), changes: object = {}) =>
  findEarlier(
    checkouts,
    { ...none, ...cart },
    { cartVersion: version, expectedTotal: total, ...changes },
    call,
  )
const guest = { ...system, actor: { kind: 'guest', cartId } as const }

t.test('the order of a cart that is locked, or that was given back, is found by its version', async (t) => {
  t.equal(await find({ id: cartId, version: version + 1, isLocked: true, lockedVersion: version }), order)
  t.equal(await find({ id: cartId, version: version + 2 }), order)
  t.equal(await find({ id: cartId, version: version + 2 }, undefined, { cartVersion: 1 }), undefined)
})

t.test('a cart that is as the buyer has seen it was not bought', async (t) => {
  t.equal(await find({ id: cartId, version }), undefined)
})

t.test(
  'the order of a cart that is over is found by a token, or as the newest one of this version and total',
  async (t) => {
    t.equal(await find({}), order)
    t.equal(await find({}, undefined, { expectedTotal: total + 1 }), undefined)
    t.equal(await find({}, undefined, { cartVersion: 1 }), undefined)
    t.equal(await find({}, guest), order)
    t.equal(await find({}, guest, { cartVersion: 1 }), undefined)
    t.equal(await find({}, { ...system, actor: undefined }), undefined)
  },
)

t.test('a key that was answered with an order means it, whatever the user has bought since', async (t) => {
  const answered = new Map<string, Order>()
  let newest = order
  const known = {
    orders: { findByRequest: async ({ key }: Once) => answered.get(key) },
    checkouts: {
      ...checkouts,
      findNewest: async () => newest,
      claim: async ({ key }: Once) => void answered.set(key, newest),
    },
    carts: { find: async () => none },
  } as unknown as CheckoutDeps // nothing else is asked for
  const input = {
    ...{ cartVersion: version, expectedTotal: total, email: '', method: 'card', token: '', returnUrl: '' },
    ...{ client: '', delivery: undefined, shippingMethod: undefined, billing: undefined },
  }
  const call = { ...customer(wanted.userId), once: { key: 'k', fingerprint: 'f' } }
  t.equal((await checkout(known)(input, call)).order, order)
  newest = { ...order, id: purchase().id } // the next cart, of the same version and total
  t.equal((await checkout(known)(input, call)).order, order)
  t.equal((await checkout(known)(input, { ...call, once: { key: 'other', fingerprint: 'f' } })).order, newest)
})
