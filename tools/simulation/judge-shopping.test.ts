import t from 'tap'
import {
  emptyCart,
  type Cart,
  type CartId,
  type LineId,
  type UserId,
} from '../../internal/cart/domain/cart.ts'
import { lock, markOrdered } from '../../internal/cart/domain/checkout.ts'
import { addItem } from '../../internal/cart/domain/lines.ts'
import { merge } from '../../internal/cart/domain/merge.ts'
import { filled, item, newLineId, product } from '../../internal/cart/testing/fixtures.ts'
import { buy } from '../../internal/order/domain/buy.ts'
import { cancel, confirm, pay, type Order, type OrderChange } from '../../internal/order/domain/order.ts'
import { newOrderId, now, trace } from '../../internal/order/testing/fixtures.ts'
import { purchase } from '../../internal/order/testing/purchases.ts'
import type { Account } from '../../internal/payment/domain/account.ts'
import { newId } from '../../internal/platform/new-id.ts'
import { promotion } from '../../internal/pricing/testing/fixtures.ts'
import type { Answered } from './clients.ts'
import { judgeCarts } from './judge-carts.ts'
import { judgeCheckouts } from './judge-checkouts.ts'
import { judgeRedemptions } from './judge-redemptions.ts'
import type { Checkout, SeenCart } from './shoppers.ts'
import { checkoutClient } from './shopping.ts'
import { newStores, type Stores } from './stores.ts'
import { newWorld } from './world.ts'

// Each rule of the judge of carts, checkouts and promotions is seen to fail, by a fault that is planted in what is stored.

type Sold = Awaited<ReturnType<typeof sell>>

/** A cart of one line that was bought with a promotion and paid for, and everybody knows. */
async function sell() {
  const stores = newStores(newWorld(1, false))
  const first = filled({}, item({ quantity: 2 }))
  const locked = lock(first.state, 1, newOrderId(), now)!
  const ordered = markOrdered(locked.state, locked.state.order!.orderId, now)!
  for (const change of [first, locked, ordered]) await stores.carts.store(change, trace)
  const [line] = first.state.lines
  const usual = purchase()
  const rule = promotion({ limit: 1, limitPerCustomer: 1, redeemed: 1 })
  stores.pricing.tables.promotions.set(rule.id, rule)
  const wanted = {
    ...{ ...usual, id: locked.state.order!.orderId as never },
    lines: usual.lines.map((each) => ({ ...each, productId: line!.productId as never })),
    terms: {
      ...usual.terms,
      cart: { id: first.state.id as never, version: 1 },
      promotions: [
        { id: rule.id as never, code: 'TEN', description: '', amountMinor: usual.terms.discountMinor },
      ],
    },
  }
  const order = (await stores.orders.checkouts.add(buy(wanted, now), trace, undefined))!.order
  await change(stores, order, (seen) => confirm(seen, now))
  await change(stores, order, (seen) => pay(seen, now))
  await stores.orders.checkouts.markTold((await stores.orders.find(order.id))!)
  await stores.orders.checkouts.markBegun(order.id, order.firstPayment!.id)
  putPayments(stores, order, [order.firstPayment!.id])
  const hold = { orderId: order.id as never, hold: 1 }
  const customerKey = order.terms!.customerKey
  stores.pricing.tables.holds.set(`${order.id} 1`, { ...hold, status: 'confirmed', refused: [] })
  stores.pricing.tables.redemptions = [{ ...hold, promotionId: rule.id, customerKey }]
  return { stores, order, cart: ordered.state, rule, answered: answersOf(order, first.state) }
}

function answersOf(order: Order, cart: Cart): Answered {
  const { terms } = order
  const [line] = order.lines
  const seen = {
    ...{ id: cart.id, version: 1 },
    items: [{ productId: line!.productId, quantity: 2, unitPriceMinor: '250' }],
    promotions: [{ code: 'TEN', amountMinor: String(terms!.discountMinor) }],
    totals: { discountMinor: '50', taxMinor: '190', shippingMinor: '500' },
  } as unknown as SeenCart // the part that is judged
  const checkout: Checkout = {
    request: { cartVersion: 1, expectedTotal: String(Number(order.totalMinor) / 100) } as Checkout['request'],
    call: { actor: undefined, correlationId: '', traceparent: '', once: { key: 'a', fingerprint: '' } },
    ...{ seen, way: { method: 'card', token: '', page: 'leave', pageAfterMs: 0 }, orders: [] },
  }
  checkout.orders.push({ orderId: order.id, paymentId: undefined })
  return {
    ...{ requests: new Map(), canceled: new Set(), advanced: [], adjusted: [] },
    money: { payments: new Map(), refunds: [], kept: new Set() },
    carts: { checkouts: [checkout], additions: new Map([['a', cart.id]]) },
  }
}

const change = async (
  stores: Stores,
  { id }: Order,
  decide: (order: Order) => OrderChange,
): Promise<void> => {
  await stores.orders.update([{ id, trace, decide }])
}

/** Stores the order as it never becomes. */
const spoil = (part: (order: Order) => Partial<Order>) => (sold: Sold) =>
  change(sold.stores, sold.order, (seen) => ({ state: { ...seen, ...part(seen) }, events: [] }))

const spoilTerms = (part: (terms: NonNullable<Order['terms']>) => object) =>
  spoil(({ terms }) => ({ terms: { ...terms!, ...part(terms!) } }))

/** Stores the next version of the cart as it never becomes. */
const spoilCart =
  (part: (cart: Cart) => Partial<Cart>) =>
  async ({ stores, cart }: Sold) => {
    const state = { ...cart, ...part(cart), version: cart.version + 1 }
    await stores.carts.store({ state, events: [{ type: 'reopened', cart: state }] }, trace)
  }

const another =
  (part: (order: Order) => Partial<Order>) =>
  async ({ stores, order }: Sold) => {
    const stored = (await stores.orders.find(order.id))!
    await stores.orders.add(
      { state: { ...stored, id: newOrderId(), ...part(stored) }, events: [] },
      undefined,
      trace,
    )
  }

const spoilSeen =
  (part: object) =>
  async ({ answered }: Sold) => {
    const [checkout] = answered.carts.checkouts
    answered.carts.checkouts[0] = { ...checkout!, seen: { ...checkout!.seen, ...part } }
  }

function putPayments(stores: Stores, { id }: Order, ids: readonly string[]): void {
  const account = {
    gate: { orderId: id },
    payments: ids.map((each) => ({ id: each, client: checkoutClient })),
  }
  stores.payments.tables.accounts.set(id, account as unknown as Account) // the part that is judged
}

const payments =
  (count: number) =>
  async ({ stores, order }: Sold) =>
    putPayments(stores, order, Array.from({ length: count }, newId))

const redeem =
  (part: object, status: 'held' | 'released' = 'held') =>
  async ({ stores, order, rule }: Sold) => {
    const { tables } = stores.pricing
    const id = newId()
    const hold = { orderId: id as never, hold: 1 }
    const added = {
      ...hold,
      promotionId: rule.id,
      customerKey: order.terms!.customerKey,
      ...part,
    }
    tables.redemptions = [...tables.redemptions, added]
    tables.holds.set(`${id} 1`, { ...hold, status, refused: [] })
  }

const mergeLosing = async ({ stores }: Sold) => {
  const userId = newId() as UserId
  const [user, guest] = [filled({ userId }), filled()]
  for (const each of [user, guest]) await stores.carts.store(each, trace)
  const { source, target } = merge(guest.state, user.state, newLineId, now)!
  const state = { ...target!.state, lines: target!.state.lines.slice(0, 1) }
  await stores.carts.storeMerge(
    { source, target: { state, events: [{ type: 'reopened', cart: state }] } },
    trace,
  )
}

const secondCart = async ({ stores }: Sold) => {
  const userId = newId() as UserId
  const id = () => newId() as CartId
  await stores.carts.store(filled({ userId, id: id() }), trace)
  const state = { ...filled({ id: id() }).state, userId: undefined }
  await stores.carts.store({ state, events: [{ type: 'reopened', cart: state }] }, trace)
  const next = { ...state, userId, version: 2 }
  await stores.carts.store({ state: next, events: [{ type: 'reopened', cart: next }] }, trace)
}

const again = async ({ stores }: Sold) => {
  const at = now
  const cart = emptyCart({ id: newId() as CartId, userId: undefined, at })
  await stores.carts.store(
    addItem(cart, item(), product(), () => newId() as LineId, at),
    trace,
  )
}

const faults: readonly (readonly [string, (sold: Sold) => Promise<void>])[] = [
  ['the parts of order .* come to', spoil(({ totalMinor }) => ({ totalMinor: totalMinor + 1n }))],
  ['has other lines than those that were priced', spoilTerms(({ lines }) => ({ lines: [...lines, { ...lines[0]!, discountMinor: 0n, taxMinor: 0n }] }))], // prettier-ignore
  [
    'has discounts of .* in its lines',
    spoilTerms(({ discountMinor }) => ({ discountMinor: discountMinor + 1n })),
  ],
  ['and promotions of', spoilTerms(() => ({ promotions: [] }))],
  ['has taxes of .* by rates', spoilTerms(({ taxMinor }) => ({ taxMinor: taxMinor + 1n }))],
  ['one version of a cart made the orders', another(() => ({}))],
  ["is not that of its cart's version", spoilTerms(({ cart }) => ({ cart: { ...cart, version: 2 } }))],
  [
    'of one cart live',
    another(({ terms }) => ({ terms: { ...terms!, cart: { ...terms!.cart, version: 9 } } })),
  ],
  ['lost: order .* of a checkout was answered', async ({ answered }) => void answered.carts.checkouts[0]!.orders.splice(0, 1, { orderId: newId(), paymentId: undefined })], // prettier-ignore
  ['doubled: one checkout got the orders', async ({ answered }) => void answered.carts.checkouts[0]!.orders.push({ orderId: newId(), paymentId: undefined })], // prettier-ignore
  ['is not of the cart that its buyer had seen', spoilSeen({ id: newId() })],
  ['which no buyer of its cart had seen', async ({ answered }) => void answered.carts.checkouts.splice(0, 1)],
  ['has other lines than its buyer had seen', spoilSeen({ items: [] })],
  [
    'and its buyer had seen',
    spoilSeen({ totals: { discountMinor: '50', taxMinor: '191', shippingMinor: '500' } }),
  ],
  ['the first payment of order .* has not begun', spoil(() => ({ status: 'confirmed', firstPayment: purchase().firstPayment }))], // prettier-ignore
  ['is said to have begun, and did not', payments(0)],
  ['the first payment of order .* began 2 times', payments(2)],
  ['was answered with the payment', async (sold) => {
    sold.answered.carts.checkouts[0]!.orders.splice(0, 1, { orderId: sold.order.id, paymentId: newId() })
    await payments(1)(sold)
  }], // prettier-ignore
  ['is locked for order .* does not exist', spoilCart((cart) => ({ status: 'locked', order: { orderId: newId() as never, version: cart.version } }))], // prettier-ignore
  ['is ordered, and no order of it was covered', spoil(() => ({ status: 'canceled', history: [] }))],
  ['has two equal lines', spoilCart(({ lines }) => ({ lines: [...lines, ...lines] }))],
  [
    'has a line of nothing',
    spoilCart(({ lines }) => ({ lines: lines.map((line) => ({ ...line, quantity: 0 })) })),
  ],
  ['was made of a cart that does not exist', spoilTerms(({ cart }) => ({ cart: { ...cart, id: newId() } }))],
  ['was not told that it is paid', spoil(() => ({ awaitingCart: true }))],
  ['is paid, and its cart is active', spoilCart(() => ({ status: 'active' }))],
  ['is canceled, and its cart is locked', async (sold) => {
    await spoilCart(() => ({ status: 'locked' }))(sold)
    await spoil(() => ({ status: 'canceled' }))(sold)
  }], // prettier-ignore
  ['has left out product', mergeLosing],
  ['additions to carts were asked for, and 2 were made', again],
  ['additions to cart .* were answered, and 1 are there', async ({ answered, cart }) => void answered.carts.additions.set('b', cart.id)], // prettier-ignore
  ['has two carts', secondCart],
  ['counts 1 redemptions, and there are 2', redeem({})],
  ['is redeemed 2 times, and its limit is 1', redeem({})],
  ['is redeemed 2 times by one customer', redeem({})],
  ['which is no hold of a living order', redeem({}, 'released')],
  ['and redeems 0 of its 1 promotions', async ({ stores }) => void (stores.pricing.tables.redemptions = [])],
  ['is paid, and its promotions are held', async ({ stores, order }) => void stores.pricing.tables.holds.set(`${order.id} 1`, { orderId: order.id, hold: 1, status: 'held', refused: [] })], // prettier-ignore
  ['is canceled, and redeems promotions', async (sold) => {
    await change(sold.stores, sold.order, (seen) => cancel(seen, '', now)!)
    sold.stores.pricing.tables.holds.clear()
  }], // prettier-ignore
]

async function judged({ stores, answered }: Sold): Promise<readonly string[]> {
  const { orders } = await stores.orders.page({
    userId: undefined,
    status: undefined,
    after: undefined,
    limit: 100,
  })
  return [
    ...judgeCheckouts({ stores, answered }, orders),
    ...judgeCarts({ stores, answered }, orders),
    ...judgeRedemptions(stores, orders),
  ]
}

t.test('nothing is wrong with a cart that was bought and paid for', async (t) => {
  t.same(await judged(await sell()), [])
})

for (const [said, plant] of faults) {
  t.test(`it is noticed: ${said}`, async (t) => {
    const sold = await sell()
    await plant(sold)
    t.match((await judged(sold)).join('\n'), new RegExp(said))
  })
}
