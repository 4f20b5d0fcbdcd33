import fc from 'fast-check'
import t from 'tap'
import {
  cart,
  engraved,
  filled,
  item,
  kindsOf,
  line,
  newLineId,
  now,
  product,
  stateOf,
} from '../testing/fixtures.ts'
import { attributeLimits, attributesOf, noAttributes, parseAttributes } from './attributes.ts'
import type { CartStatus } from './cart.ts'
import { addItem, changeItem, clear, maxCartLines, maxLineQuantity, removeItem } from './lines.ts'

const later = new Date(now.getTime() + 1_000)

t.test('an equal line takes more, and other attributes make another line', async (t) => {
  const wanted = item({ quantity: 2, attributes: engraved('Ada') })
  const first = filled({}, wanted)
  const again = addItem(
    first.state,
    { ...wanted, quantity: 3 },
    product({ priceMinor: 1n }),
    newLineId,
    later,
  )
  t.match(again.state, { version: 2, lines: [{ quantity: 5, lineId: first.state.lines[0]?.lineId }] })
  t.equal(again.state.lines[0]?.seen.priceMinor, 1n, 'the owner has seen the new price')
  t.match(again.events, [{ type: 'item_added', added: 3, line: { quantity: 5 } }])
  const other = addItem(again.state, { ...wanted, attributes: noAttributes }, product(), newLineId, later)
  t.equal(other.state.lines.length, 2)
  t.not(other.state.lines[1]?.lineId, other.state.lines[0]?.lineId)
})

t.test('a quantity of zero removes, the same one changes nothing, and a new price is seen', async (t) => {
  const { state } = filled()
  const [only] = state.lines
  if (!only) throw new Error('a filled cart has a line')
  t.same(kindsOf(changeItem(state, only.lineId, 0, only.seen, later)), ['item_removed'])
  t.equal(changeItem(state, only.lineId, only.quantity, only.seen, later), undefined)
  t.equal(changeItem(state, only.lineId, only.quantity, undefined, later), undefined, 'gone')
  const seen = changeItem(state, only.lineId, only.quantity, { ...only.seen, priceMinor: 7n }, later)
  t.match(seen, {
    state: { version: 2, lines: [{ seen: { priceMinor: 7n } }] },
    events: [{ type: 'item_changed' }],
  })
  t.same(stateOf(changeItem(state, only.lineId, 9, undefined, later)).lines[0]?.quantity, 9)
})

t.test('a line that is not there is neither changed nor removed', async (t) => {
  const refused = { kind: 'not-found', code: 'cart.line-not-found' }
  t.throws(() => changeItem(cart(), newLineId(), 1, undefined, later), refused)
  t.throws(() => removeItem(cart(), newLineId(), later), refused)
})

t.test('limits: quantities, lines and currencies', async (t) => {
  for (const quantity of [0, -1, 1.5, NaN, Infinity])
    t.throws(() => filled({}, item({ quantity })), { code: 'cart.invalid-quantity' }, String(quantity))
  const wanted = item({ quantity: maxLineQuantity })
  const full = filled({}, wanted).state
  t.throws(() => addItem(full, { ...wanted, quantity: 1 }, product(), newLineId, later), {
    code: 'cart.invalid-quantity',
  })
  const lines = Array.from({ length: maxCartLines }, () => line())
  t.throws(() => addItem(cart({ lines }), item(), product(), newLineId, later), {
    code: 'cart.too-many-lines',
  })
  const [known] = lines
  const more = { ...item(), productId: known?.productId ?? item().productId }
  t.equal(addItem(cart({ lines }), more, product(), newLineId, later).state.lines.length, maxCartLines)
  t.throws(() => addItem(cart(), item(), product({ currency: 'EUR' }), newLineId, later), {
    code: 'cart.mixed-currencies',
  })
})

t.test('what a checkout has, and what is over, is not changed', async (t) => {
  const [only] = cart().lines
  for (const status of ['locked', 'merged', 'ordered'] satisfies CartStatus[]) {
    const closed = cart({ status })
    const refused = { kind: 'conflict', code: `cart.${status}` }
    t.throws(() => addItem(closed, item(), product(), newLineId, later), refused)
    t.throws(() => removeItem(closed, only?.lineId ?? newLineId(), later), refused)
    t.throws(() => clear(closed, later), refused)
  }
})

t.test('any change makes an abandoned cart active again', async (t) => {
  const abandoned = cart({ status: 'abandoned' })
  t.match(addItem(abandoned, item(), product(), newLineId, later).state, { status: 'active' })
  t.match(stateOf(clear(abandoned, later)), { status: 'active', lines: [] })
  t.equal(clear(stateOf(clear(abandoned, later)), later), undefined, 'an empty cart is empty')
})

t.test('equal attributes are equal texts, however they are written', async (t) => {
  t.equal(
    parseAttributes({ a: 1, b: { d: [1, 2], c: 'x' } }),
    parseAttributes({ b: { c: 'x', d: [1, 2] }, a: 1 }),
  )
  t.not(parseAttributes({ a: [1, 2] }), parseAttributes({ a: [2, 1] }))
  t.not(parseAttributes({ a: 1 }), parseAttributes({ a: '1' }))
  t.equal(parseAttributes({}), noAttributes)
  t.equal(parseAttributes(undefined), noAttributes)
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 4 }),
      (given) => {
        const shuffled = Object.fromEntries(Object.entries(given).reverse())
        const text = parseAttributes(given)
        return text === parseAttributes(shuffled) && text === parseAttributes(attributesOf(text))
      },
    ),
    { numRuns: 300, examples: [] },
  )
})

t.test('attributes are bounded in kind, bytes, depth and count', async (t) => {
  const refused = { kind: 'invalid', code: 'cart.invalid-attributes' }
  for (const value of [null, 'x', 7, [], [{}]]) t.throws(() => parseAttributes(value), refused)
  t.throws(() => parseAttributes({ a: 'ü'.repeat(attributeLimits.bytes / 2) }), refused, 'bytes')
  t.throws(() => parseAttributes({ a: { b: { c: { d: { e: 1 } } } } }), refused, 'depth')
  t.ok(parseAttributes({ a: { b: { c: { d: 1 } } } }))
  const many = Array.from({ length: attributeLimits.members + 1 }, (_, index) => [`k${index}`, 1])
  t.throws(() => parseAttributes(Object.fromEntries(many)), refused, 'count')
})
