import t from 'tap'
import type { Call } from '../../platform/call.ts'
import {
  customer,
  delivery,
  engraved,
  fakeCatalog,
  fakePricing,
  guest,
  item,
  newCartId,
  newLineId,
  newOrderId,
  newUserId,
  nobody,
  product,
  system,
  trace,
} from '../testing/fixtures.ts'
import { inMemoryCarts, type InMemoryCarts } from '../testing/in-memory-carts.ts'
import type { ProductId } from '../domain/cart.ts'
import type { Product } from '../domain/show.ts'
import { lockCart, listLockedCarts, orderCart, unlockCart } from './checkout.ts'
import { inTurn } from './in-turn.ts'
import { keepCarts } from './keep-carts.ts'
import { mergeCarts } from './merge-carts.ts'
import type { Carts } from './ports.ts'
import * as shop from './shop.ts'
import { viewCart } from './view-cart.ts'

function open(wrap: (carts: InMemoryCarts) => Carts = (carts) => carts) {
  const mug = product()
  const products = new Map<ProductId, Product>([[mug.productId, mug]])
  const catalog = fakeCatalog(products)
  const stored = inMemoryCarts()
  const clock = { at: new Date('2026-01-02T03:04:05.678Z') }
  const now = (): Date => clock.at
  const view = viewCart({ catalog, pricing: fakePricing, currency: 'USD' })
  const deps = { carts: wrap(stored), catalog, view, inTurn: inTurn(), newCartId, newLineId, now }
  const app = {
    get: shop.getCart(deps),
    add: shop.addToCart(deps),
    change: shop.changeQuantity(deps),
    remove: shop.removeFromCart(deps),
    clear: shop.clearCart(deps),
    deliver: shop.chooseDelivery(deps),
    redeem: shop.redeemCode(deps),
    drop: shop.dropCode(deps),
    methods: shop.listShippingMethods(deps),
    merge: mergeCarts(deps),
    lock: lockCart(deps),
    unlock: unlockCart(deps),
    order: orderCart(deps),
    locked: listLockedCarts(deps),
    keep: keepCarts({ ...deps, abandonedAfterHours: 24, guestsKeptForDays: 30, newTrace: () => trace }),
  }
  const any = { expectedVersion: undefined }
  const add = (call: Call, quantity = 1) =>
    app.add({ ...any, ...item({ productId: mug.productId, quantity }) }, call)
  return { app, any, add, mug, products, catalog, stored, clock }
}

t.test('a guest without a cart sees an empty one, and nothing is stored', async (t) => {
  const { app, stored } = open()
  t.match(await app.get(nobody), { cart: { version: 0, lines: [] }, shown: { currency: 'USD' } })
  t.match(await app.get(guest(newCartId())), { cart: { version: 0 } })
  t.same(stored.all(), [])
  await t.rejects(app.deliver({ expectedVersion: undefined, ...delivery() }, nobody), {
    code: 'cart.not-found',
  })
  await t.rejects(app.remove({ expectedVersion: undefined, lineId: newLineId() }, nobody), {
    code: 'cart.line-not-found',
  })
  t.match(await app.clear({ expectedVersion: undefined }, nobody), { cart: { version: 0 } })
  t.same(stored.all(), [])
  await t.rejects(app.get(system), { code: 'auth.forbidden' })
})

t.test("a guest's first item makes the cart, which its token finds again", async (t) => {
  const { app, add, stored } = open()
  const first = await add(nobody, 2)
  t.match(first, { isNewGuest: true, cart: { version: 1, userId: undefined } })
  const token = guest(first.cart.id)
  t.match(await add(token), { isNewGuest: false, cart: { id: first.cart.id, lines: [{ quantity: 3 }] } })
  t.match(await app.get(token), { cart: { version: 2 }, priced: { totals: { totalMinor: 3750n } } })
  t.equal(stored.all().length, 1)
  t.match(await add(guest(newCartId())), { isNewGuest: true }, 'a token whose cart is gone')
})

t.test('a product that nobody sells is not added, and one that is gone stays with a warning', async (t) => {
  const { app, any, add, mug, products } = open()
  const call = customer()
  await t.rejects(app.add({ ...any, ...item() }, call), { code: 'cart.unknown-product' })
  const { cart } = await add(call)
  products.delete(mug.productId)
  t.match(await app.get(call), {
    shown: { lines: [{ warnings: ['gone'] }] },
    priced: { totals: { totalMinor: 0n } },
  })
  const lineId = cart.lines[0]?.lineId ?? newLineId()
  t.match(await app.remove({ ...any, lineId }, call), { cart: { lines: [] } })
})

t.test('products are asked for once in a request, with those of all lines', async (t) => {
  const { add, catalog, products } = open()
  const call = customer()
  await add(call)
  const other = product()
  products.set(other.productId, other)
  catalog.asked = 0
  await add(call)
  t.equal(catalog.asked, 1)
})

t.test('a version that the caller has not seen is not changed', async (t) => {
  const { app, add, any } = open()
  const call = customer()
  const { cart } = await add(call)
  const lineId = cart.lines[0]?.lineId ?? newLineId()
  await add(call)
  await t.rejects(app.change({ expectedVersion: 1, lineId, quantity: 9 }, call), { code: 'cart.changed' })
  t.match(await app.change({ expectedVersion: 2, lineId, quantity: 9 }, call), { cart: { version: 3 } })
  t.match(await app.change({ ...any, lineId, quantity: 0 }, call), { cart: { lines: [] } })
})

t.test('fifty additions at once all count', async (t) => {
  const { add, app } = open()
  const call = customer()
  await Promise.all(Array.from({ length: 50 }, () => add(call)))
  t.match(await app.get(call), { cart: { version: 50, lines: [{ quantity: 50 }] } })
})

t.test('who loses to another process reads again, and gives up in the end', async (t) => {
  let losses = 3
  const { add } = open((carts) => ({
    ...carts,
    store: async (change, cause, once) => (losses-- > 0 ? false : carts.store(change, cause, once)),
  }))
  t.match(await add(customer()), { cart: { version: 1 } })
  losses = Infinity
  await t.rejects(add(customer()), { kind: 'unavailable', code: 'cart.busy' })
})

t.test('what pricing refuses is not stored: a code, and a shipping method', async (t) => {
  const { app, any, add, stored } = open()
  const call = customer()
  await add(call)
  const code = { ...any, code: 'NO' }
  await t.rejects(app.redeem(code, call), {
    code: 'promotion.not-applicable',
    details: { reason: 'unknown' },
  })
  const express = { ...any, ...delivery(), shippingMethod: 'express' }
  await t.rejects(app.deliver(express, call), { code: 'cart.shipping-method-not-offered' })
  t.equal(stored.events.length, 1)
  t.match(await app.redeem({ ...any, code: 'ten' }, call), { priced: { totals: { discountMinor: 125n } } })
  t.match(await app.redeem({ ...any, code: 'TEN' }, call), { cart: { version: 2 } }, 'it is there already')
  const post = { ...any, ...delivery(), shippingMethod: 'post' }
  t.match(await app.deliver(post, call), { priced: { totals: { shippingMinor: 500n, totalMinor: 1625n } } })
  t.match(await app.deliver(post, call), { cart: { version: 3 } }, 'the same again')
  t.match(await app.drop({ ...any, code: 'Ten' }, call), { cart: { promotionCodes: [] } })
  await t.rejects(app.drop({ ...any, code: 'ten' }, call), { code: 'cart.promotion-not-found' })
})

t.test('a failure of pricing changes nothing', async (t) => {
  const { app, add, stored } = open()
  const call = customer()
  await add(call)
  const { quote } = fakePricing
  t.teardown(() => Object.assign(fakePricing, { quote }))
  Object.assign(fakePricing, { quote: async () => Promise.reject(new Error('away')) })
  await t.rejects(add(call), { message: 'away' })
  await t.rejects(app.get(call), { message: 'away' })
  t.equal(stored.events.length, 1)
})

t.test('shipping methods are those for the address, or for a country', async (t) => {
  const { app, any, add } = open()
  const call = customer()
  await t.rejects(app.methods(undefined, call), { code: 'cart.no-address' })
  t.match(await app.methods('GB', nobody), { methods: [{ id: 'post' }], currency: 'USD' })
  await add(call)
  await app.deliver({ ...any, ...delivery() }, call)
  t.match(await app.methods(undefined, call), { methods: [{ id: 'post' }] })
  t.match(await app.methods('AQ', call), { methods: { length: 0 } })
})

t.test('a repeated request is told, and gives nobody the cart of another', async (t) => {
  const { app, add, stored } = open()
  const once = { key: 'k', fingerprint: 'a' }
  const call = { ...customer(), once }
  t.match(await add(call), { isReplay: false })
  t.match(await add(call), { isReplay: true, cart: { lines: [{ quantity: 1 }] } })
  await t.rejects(add({ ...call, once: { ...once, fingerprint: 'b' } }), {
    code: 'request.idempotency-key-reused',
  })

  const anonymous = { ...nobody, once: { key: 'g', fingerprint: 'a' } }
  const first = await add(anonymous)
  t.match(await add(anonymous), { isReplay: true, isNewGuest: false, cart: { id: first.cart.id } })
  await app.deliver({ expectedVersion: undefined, ...delivery() }, guest(first.cart.id))
  await t.rejects(add(anonymous), { kind: 'unauthenticated', code: 'cart.token-required' })
  t.equal(stored.all().length, 2)
  const many = { ...customer(), once: { key: 'm', fingerprint: 'a' } }
  const all = await Promise.all(Array.from({ length: 8 }, () => add(many)))
  t.equal(all.filter(({ isReplay }) => !isReplay).length, 1)
})

t.test('a login merges once, however often it is told', async (t) => {
  const { app, add, mug, any, stored } = open()
  const { cart } = await add(nobody, 3)
  await app.add(
    { ...any, ...item({ productId: mug.productId, attributes: engraved('Ada') }) },
    guest(cart.id),
  )
  const userId = newUserId()
  await add(customer(userId))
  const merged = await Promise.all(Array.from({ length: 8 }, () => app.merge(cart.id, customer(userId))))
  t.equal(merged.filter(Boolean).length, 1)
  const mine = await app.get(customer(userId))
  t.match(mine.cart.lines, [{ quantity: 3 }, { quantity: 1, attributes: engraved('Ada') }])
  t.match(await app.get(guest(cart.id)), { cart: { version: 0 } }, 'the token shows nothing of the user')
  t.equal(await app.merge(mine.cart.id, customer()), false, "a user's cart is not merged into another's")
  t.equal(await app.merge(newCartId(), customer()), false)
  t.equal(stored.events.filter(({ type }) => type === 'merged').length, 2)
  await t.rejects(app.merge(cart.id, nobody), { code: 'auth.required' })
})

t.test('a checkout has the cart until it is given back', async (t) => {
  const { app, add, clock } = open()
  const call = customer()
  const { cart } = await add(call)
  const order = { cartId: cart.id, version: 1, orderId: newOrderId() }
  await t.rejects(async () => app.lock(order, call), { code: 'auth.forbidden' })
  t.match(await app.lock(order, system), { status: 'locked', order: { orderId: order.orderId } })
  t.match(await app.lock({ ...order, orderId: newOrderId() }, system), { order: { orderId: order.orderId } })
  await t.rejects(add(call), { code: 'cart.locked', details: { orderId: order.orderId } })
  t.match(await app.get(call), { cart: { status: 'locked' } })
  t.same(await app.locked(60, 10, system), [])
  clock.at = new Date(clock.at.getTime() + 61_000)
  t.match(await app.locked(60, 10, system), [{ id: cart.id }])
  t.match(await app.unlock(order, system), { status: 'active', version: 3 })
  t.match(await app.unlock(order, system), { version: 3 })
  await t.rejects(app.lock(order, system), { code: 'cart.version-mismatch' })
  t.match(await app.order(order, system), { status: 'ordered' })
  t.match(await app.get(call), { cart: { version: 0 } })
  t.match(await add(call), { cart: { version: 1 } })
  await t.rejects(app.lock({ ...order, cartId: newCartId() }, system), { code: 'cart.not-found' })
})

t.test('a cart is abandoned once each time that its owner leaves it', async (t) => {
  const { app, add, stored, clock } = open()
  const call = customer()
  const told = (): number => stored.events.filter(({ type }) => type === 'abandoned').length
  const wait = (hours: number): void => {
    clock.at = new Date(clock.at.getTime() + hours * 3_600_000)
  }
  await add(call)
  wait(23)
  t.match(await app.keep(), { abandoned: 0 })
  wait(2)
  t.match(await app.keep(), { abandoned: 1 })
  t.match(await app.keep(), { abandoned: 0 })
  t.equal(told(), 1)
  t.match(await add(call), { cart: { status: 'active', version: 3 } })
  wait(25)
  await app.keep()
  t.equal(told(), 2)
})

t.test("guests' carts end when nobody uses them", async (t) => {
  const { app, add, stored, clock } = open()
  await add(nobody)
  await add(customer())
  clock.at = new Date(clock.at.getTime() + 31 * 86_400_000)
  await app.keep()
  clock.at = new Date(clock.at.getTime() + 31 * 86_400_000)
  t.match(await app.keep(), { removed: 1 })
  t.equal(stored.all().length, 1)
})
