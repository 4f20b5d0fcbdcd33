import fc from 'fast-check'
import t from 'tap'
import { newOrderId, now } from '../testing/fixtures.ts'
import { purchase } from '../testing/purchases.ts'
import { buy } from './buy.ts'
import { cartFate } from './cart-fate.ts'
import { applyMoney, type Money } from './money.ts'
import { lineTotal, owedFor, unitsTotal } from './line-money.ts'
import { confirm, expire, pay } from './order.ts'
import { owedLines } from './payable.ts'
import { supplyOf } from './receipt.ts'
import { settle } from './settle.ts'
import { shippingTotal } from './terms.ts'

const minor = fc.bigInt({ min: 0n, max: 1_000_000n })
const anyPurchase = fc
  .record({
    lines: fc.array(
      fc.record({
        price: minor,
        quantity: fc.integer({ min: 1, max: 500 }),
        discount: fc.nat(100),
        tax: minor,
      }),
      { minLength: 1, maxLength: 8 },
    ),
    shipping: minor,
    shippingTax: minor,
    isTaxIncluded: fc.boolean(),
  })
  .map(purchase)

t.test('what is owed for an order is its total, line by line and with shipping', async () => {
  fc.assert(
    fc.property(anyPurchase, (wanted) => {
      const order = confirm(buy(wanted, now).state, now).state
      const owed = owedLines(order).reduce((sum, { totalMinor }) => sum + totalMinor, 0n)
      return owed === order.totalMinor && owedFor(order, ({ quantity }) => quantity) === order.totalMinor
    }),
  )
})

t.test('the units of a line come to the line, whichever way they are counted', async () => {
  fc.assert(
    fc.property(anyPurchase, fc.nat(500), (wanted, cut) => {
      const order = buy(wanted, now).state
      return order.lines.every(({ quantity }, index) => {
        const first = cut % (quantity + 1)
        const upTo = (units: number) => unitsTotal(order, index, () => units)
        return upTo(first) + (upTo(quantity) - upTo(first)) === lineTotal(order, index) && upTo(0) === 0n
      })
    }),
  )
})

t.test('parts that do not come to the total are a fault of ours', async (t) => {
  const wanted = purchase()
  t.throws(() => buy({ ...wanted, totalMinor: wanted.totalMinor + 1n }, now), /come to/)
})

t.test('nothing is owed for sending what was never packed', async (t) => {
  const order = buy(purchase(), now).state
  t.equal(
    owedFor(order, ({ packed }) => packed),
    0n,
  )
  const packed = { ...order, lines: order.lines.map((line) => ({ ...line, packed: line.quantity })) }
  t.equal(
    owedFor(packed, (line) => line.packed),
    order.totalMinor,
  )
  t.ok(shippingTotal(purchase().terms) > 0n)
})

t.test('an order for nothing is paid as soon as its stock is held', async (t) => {
  const free = purchase({
    lines: [{ price: 0n, quantity: 1, discount: 0, tax: 0n }],
    shipping: 0n,
    shippingTax: 0n,
  })
  const order = buy(free, now).state
  t.equal(order.paymentStatus, 'paid')
  const settled = settle(order, { orderId: order.id, outcome: 'held' }, now)
  t.match(settled?.state, { status: 'paid', awaitingCart: true })
  t.strictSame(
    settled?.events.map(({ type }) => type),
    ['confirmed', 'paid'],
  )
})

t.test('a promotion that is used up rejects the order, and its stock goes back', async (t) => {
  const order = buy(purchase(), now).state
  const settled = settle(order, { orderId: order.id, outcome: 'held' }, now, 'used-up')
  t.match(settled?.state, {
    status: 'rejected',
    awaitingRelease: true,
    awaitingCart: true,
    firstPayment: undefined,
  })
})

t.test('the cart hears what becomes of its order, once for each change', async (t) => {
  const order = buy(purchase(), now).state
  t.equal(cartFate(order), undefined)
  const confirmed = confirm(order, now).state
  t.match(confirmed, { awaitingCart: false })
  t.match(pay(confirmed, now).state, { awaitingCart: true })
  t.match(expire(confirmed, now).state, { awaitingCart: true, firstPayment: undefined })
  const later = buy({ ...purchase(), terms: { ...purchase().terms, paysOffline: true } }, now).state
  t.match(confirm(later, now).state, { awaitingCart: true })
  const processing: Money = {
    ...{ gateVersion: 1, dueMinor: 1n, authorizedMinor: 0n, capturedMinor: 0n, refundedMinor: 0n },
    ...{ attempt: 'processing', flags: [] },
  }
  const inHand = applyMoney({ order: confirmed, shipments: [], returns: [] }, processing, now)?.state.order
  t.match(
    inHand,
    { status: 'confirmed', cartTaken: true, awaitingCart: true },
    'a bank has the money in hand',
  )
  t.equal(cartFate(inHand!), 'taken')
  t.equal(cartFate(expire(inHand!, now).state), 'given-back', 'it has not come')
  const alone = { ...confirmed, terms: undefined, id: newOrderId() }
  t.match(pay(alone, now).state, { awaitingCart: false })
})

t.test('a receipt says what is owed, to the cent, whatever was short', async () => {
  fc.assert(
    fc.property(anyPurchase, fc.array(fc.nat(500), { minLength: 8, maxLength: 8 }), (wanted, cuts) => {
      const order = buy(wanted, now).state
      const lines = order.lines.map((line, index) => ({
        ...line,
        canceled: (cuts[index] ?? 0) % (line.quantity + 1),
      }))
      const supply = supplyOf({ ...order, lines })
      const items = supply.lines.reduce((sum, line) => sum + line.unitPriceMinor * BigInt(line.quantity), 0n)
      const tax = supply.taxes.reduce((sum, each) => sum + each.taxMinor, 0n)
      const parts = items + supply.shippingMinor - supply.discountMinor + (supply.taxIncluded ? 0n : tax)
      return supply.totalMinor === parts && supply.lines.every(({ discountMinor }) => discountMinor >= 0n)
    }),
  )
})
