import fc from 'fast-check'
import t from 'tap'
import { newOrderId, newProductId, newUserId, now, quote } from '../testing/fixtures.ts'
import { orderJson } from '../infrastructure/order-json.ts'
import { cancel, confirm } from './order.ts'
import { orderSize } from './order-size.ts'
import { maxLineQuantity, maxOrderLines, mergeItems, place, type Quote } from './place.ts'
import { parseReason } from './reason.ts'

const placeAll = (quotes: readonly Quote[], quantity = 1) =>
  place(
    newOrderId(),
    newUserId(),
    quotes.map(({ productId }) => ({ productId, quantity })),
    new Map(quotes.map((each) => [each.productId, each])),
    now,
  )

t.test("an order has the inventory's names and prices, and their sum", (t) => {
  const { state, events } = placeAll(
    [quote({ unitPriceMinor: 250n }), quote({ unitPriceMinor: 1_999n, sku: 'B' })],
    3,
  )
  t.match(state, { status: 'pending', totalMinor: 6_747n, currency: 'USD', version: 1 })
  t.match(state.lines[1], { sku: 'B', unitPriceMinor: 1_999n, quantity: 3 })
  t.same(events, [{ type: 'pending', order: state }])
  t.end()
})

t.test('several items of one product become one line', (t) => {
  const [a, b] = [newProductId(), newProductId()]
  const items = [
    { productId: a, quantity: 1 },
    { productId: b, quantity: 2 },
    { productId: a, quantity: 4 },
  ]
  t.same(mergeItems(items), [
    { productId: a, quantity: 5 },
    { productId: b, quantity: 2 },
  ])
  t.end()
})

t.test('merging keeps every unit', (t) => {
  const ids = Array.from({ length: 5 }, newProductId)
  const item = fc.record({ productId: fc.constantFrom(...ids), quantity: fc.integer({ min: 1, max: 1_000 }) })
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 50 }), (items) => {
      const merged = mergeItems(items)
      const sum = (list: typeof items): number => list.reduce((total, { quantity }) => total + quantity, 0)
      return (
        sum([...merged]) === sum(items) &&
        new Set(merged.map(({ productId }) => productId)).size === merged.length
      )
    }),
  )
  t.end()
})

t.test('what is no order is refused', (t) => {
  const productId = newProductId()
  for (const quantity of [0, -1, 1.5, NaN, Infinity, 2 ** 53]) {
    t.throws(
      () => mergeItems([{ productId, quantity }]),
      { code: 'order.invalid-quantity' },
      String(quantity),
    )
  }
  t.throws(() => mergeItems([]), { code: 'order.empty' })
  t.throws(
    () =>
      mergeItems([
        { productId, quantity: maxLineQuantity },
        { productId, quantity: 1 },
      ]),
    {
      code: 'order.invalid-quantity',
    },
  )
  const many = Array.from({ length: maxOrderLines + 1 }, () => ({ productId: newProductId(), quantity: 1 }))
  t.throws(() => mergeItems(many), { code: 'order.too-many-lines' })
  t.end()
})

t.test('unknown products and short stock are refused by name', (t) => {
  const known = quote({ available: 2 })
  const unknown = newProductId()
  const placing = (items: readonly { productId: Quote['productId']; quantity: number }[]) => () =>
    place(newOrderId(), newUserId(), items, new Map([[known.productId, known]]), now)
  t.throws(placing([{ productId: unknown, quantity: 1 }]), {
    code: 'order.unknown-product',
    details: { products: [{ productId: unknown }] },
  })
  t.throws(placing([{ productId: known.productId, quantity: 3 }]), {
    kind: 'conflict',
    code: 'order.out-of-stock',
    details: { products: [{ productId: known.productId, requested: 3, available: 2 }] },
  })
  t.end()
})

t.test('an order is measured in bytes, as its events are', (t) => {
  const named = (name: string) => (_: unknown, n: number) => quote({ name, sku: `SKU-${n}` })
  const of = (count: number, name: string) => Array.from({ length: count }, named(name))
  t.throws(() => placeAll(of(1_000, '🎁'.repeat(200))), { kind: 'invalid', code: 'order.too-large' })
  t.throws(() => placeAll(of(501, '\u0001'.repeat(1_000))), { code: 'order.too-large' })
  t.equal(placeAll(of(1_000, 'x'.repeat(200))).state.lines.length, 1_000)
  t.equal(placeAll(of(700, '🎁'.repeat(200))).state.lines.length, 700)
  t.end()
})

t.test('no order takes more bytes than it is measured at, even with the longest history', (t) => {
  const text = fc.string({ unit: 'binary', maxLength: 64 })
  const quoted = fc.record({ sku: text, name: text, unitPriceMinor: fc.bigInt({ min: 0n, max: 2n ** 29n }) })
  const property = fc.property(fc.array(quoted, { minLength: 1, maxLength: 9 }), text, (wanted, reason) => {
    const { state } = placeAll(
      wanted.map((each) => quote({ ...each, available: maxLineQuantity })),
      maxLineQuantity,
    )
    const canceled = cancel(confirm(state, now).state, reason, now)?.state ?? state
    for (const order of [state, canceled]) {
      const bytes = Buffer.byteLength(JSON.stringify(orderJson(order)))
      t.ok(bytes <= orderSize(order), `${bytes} of ${orderSize(order)}`)
    }
  })
  fc.assert(property)
  t.end()
})

t.test('a reason is text of 500 characters, in one form', (t) => {
  t.equal(parseReason(' n\u0303o \n'), 'ño')
  t.equal(parseReason('🎁'.repeat(500)), '🎁'.repeat(500))
  for (const text of ['🎁'.repeat(501), 'a\u0007', '\ud800'])
    t.throws(() => parseReason(text), { kind: 'invalid', code: 'order.invalid-reason' })
  t.end()
})

t.test('an order has one currency and a total that JSON can hold', (t) => {
  t.throws(() => placeAll([quote(), quote({ currency: 'EUR' })]), { code: 'order.mixed-currencies' })
  const dear = quote({ unitPriceMinor: BigInt(Number.MAX_SAFE_INTEGER) })
  t.throws(() => placeAll([dear], 2), { code: 'order.total-too-large' })
  t.end()
})
