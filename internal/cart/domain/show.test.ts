import t from 'tap'
import { cart, engraved, line, product } from '../testing/fixtures.ts'
import { seenOf } from './lines.ts'
import { refuseTooMuch, showLines, type Product } from './show.ts'

const known = (...products: Product[]) => new Map(products.map((each) => [each.productId, each]))

t.test('lines cost what their products cost now, and the owner is told of what has changed', async (t) => {
  const [same, dearer, short, gone] = [product(), product(), product({ available: 1 }), product()]
  const lines = [same, dearer, short, gone].map((each) => {
    return line({ productId: each.productId, quantity: 2, seen: seenOf(each) })
  })
  const now = known(same, { ...dearer, priceMinor: 2000n }, short)
  const shown = showLines(cart({ lines }), now, 'USD')
  t.same(
    shown.lines.map(({ warnings }) => warnings),
    [[], ['price-changed'], ['short'], ['gone']],
  )
  t.match(shown.lines[1], { totalMinor: 4000n, product: { priceMinor: 2000n } })
  t.match(shown.lines[3], { totalMinor: 0n, available: 0, product: { name: 'Mug' } }, 'as it was seen')
  t.equal(shown.itemsMinor, 2500n + 4000n + 2500n)
})

t.test('the lines of one product share its stock', async (t) => {
  const mug = product({ available: 3 })
  const of = (words: string) =>
    line({ productId: mug.productId, quantity: 2, seen: seenOf(mug), attributes: engraved(words) })
  const shown = showLines(cart({ lines: [of('a'), of('b')] }), known(mug), 'USD')
  t.same(
    shown.lines.map(({ warnings }) => warnings),
    [['short'], ['short']],
  )
})

t.test('a cart has the currency of its products, and an empty one that of the shop', async (t) => {
  const [euro, dollar] = [product({ currency: 'EUR' }), product()]
  t.equal(showLines(cart({ lines: [] }), known(), 'CHF').currency, 'CHF')
  const lines = [euro, dollar].map((each) => line({ productId: each.productId, seen: seenOf(each) }))
  const shown = showLines(cart({ lines }), known(euro, dollar), 'CHF')
  t.equal(shown.currency, 'EUR')
  t.same(shown.lines[1]?.warnings, ['gone'], 'its currency has changed')
  t.equal(showLines(cart({ lines }), known(), 'CHF').currency, 'EUR', 'as it was seen')
})

t.test('no cart becomes larger than an answer, or dearer than a number', async (t) => {
  const long = product({ name: '€'.repeat(200), sku: 'x'.repeat(64) })
  const lines = Array.from({ length: 1_000 }, (_, index) => {
    const seen = seenOf(long)
    return line({ productId: long.productId, seen, attributes: engraved(`${index}`.repeat(20)) })
  })
  t.throws(() => refuseTooMuch(showLines(cart({ lines }), known(long), 'USD')), { code: 'cart.too-large' })
  refuseTooMuch(showLines(cart({ lines: lines.slice(0, 687) }), known(long), 'USD'))
  const dear = product({ priceMinor: 999_999_999_999_999n })
  const two = [line({ productId: dear.productId, quantity: 2 })]
  t.throws(() => refuseTooMuch(showLines(cart({ lines: two }), known(dear), 'USD')), {
    code: 'cart.total-too-large',
  })
})
