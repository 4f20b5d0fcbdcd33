import t from 'tap'
import { newProductId } from '../../testing/fixtures.ts'
import {
  adjustStock,
  maxStock,
  parseAdjustment,
  parseOpeningStock,
  type Adjustment,
  type Stock,
} from './stock.ts'

const productId = newProductId()
const stock = (available: number): Stock => ({ productId, available, adjustments: 3 })
const adjustment = (quantity: number, wanted: Partial<Adjustment> = {}): Adjustment => ({
  ...{ productId, quantity, reason: 'counted', idempotencyKey: undefined },
  ...wanted,
})

t.test('an adjustment is counted and told', async (t) => {
  const wanted = adjustment(-2)
  const { state, events } = adjustStock(stock(5), wanted, undefined)
  t.strictSame(state, { productId, available: 3, adjustments: 4 })
  t.strictSame(events, [{ type: 'StockAdjusted', stock: state, adjustment: wanted }])
})

t.test('nothing is written off that is not there', async (t) => {
  t.equal(adjustStock(stock(5), adjustment(-5), undefined).state.available, 0)
  const refusal = { kind: 'conflict', code: 'stock.below-zero', details: { available: 5 } }
  t.throws(() => adjustStock(stock(5), adjustment(-6), undefined), refusal)
})

t.test('stock has an upper limit', async (t) => {
  const tooLarge = { kind: 'conflict', code: 'stock.too-large' }
  t.equal(adjustStock(stock(1), adjustment(maxStock - 1), undefined).state.available, maxStock)
  t.throws(() => adjustStock(stock(2), adjustment(maxStock - 1), undefined), tooLarge)
  const invalid = { kind: 'invalid', code: 'stock.invalid-quantity' }
  t.throws(() => parseAdjustment(adjustment(maxStock + 1)), invalid)
  t.throws(() => parseAdjustment(adjustment(-maxStock - 1)), invalid)
  t.throws(() => parseOpeningStock(maxStock + 1), invalid)
})

t.test('what cancellations have put above the limit can still be written off', async (t) => {
  t.equal(adjustStock(stock(maxStock + 10), adjustment(-1), undefined).state.available, maxStock + 9)
})

t.test('a repetition changes nothing', async (t) => {
  t.strictSame(adjustStock(stock(5), adjustment(-9), adjustment(-9)), { state: stock(5), events: [] })
})

t.test('a key stands for one quantity and reason', async (t) => {
  const refusal = { kind: 'invalid', code: 'stock.idempotency-key-reused', details: { quantity: -9 } }
  t.throws(() => adjustStock(stock(5), adjustment(-8), adjustment(-9)), refusal)
  t.throws(() => adjustStock(stock(5), { ...adjustment(-9), reason: 'other' }, adjustment(-9)), refusal)
})

t.test('impossible adjustments are refused', async (t) => {
  for (const quantity of [0, 1.5, NaN, Infinity])
    t.throws(
      () => parseAdjustment(adjustment(quantity)),
      { code: 'stock.invalid-quantity' },
      String(quantity),
    )
  for (const reason of ['x'.repeat(501), 'a\0', 'a\u0001', '\ud800'])
    t.throws(() => parseAdjustment(adjustment(1, { reason })), { code: 'stock.invalid-reason' })
  for (const wrong of ['x'.repeat(256), '\0', '\u0001'])
    for (const key of [{ idempotencyKey: wrong }, { givenKey: wrong }])
      t.throws(() => parseAdjustment(adjustment(1, key)), { code: 'stock.invalid-key' })
})

t.test('a product begins with a whole number of units', async (t) => {
  t.equal(parseOpeningStock(0), 0)
  for (const units of [-1, 0.5, NaN])
    t.throws(() => parseOpeningStock(units), { code: 'stock.invalid-quantity' })
})
