import fc from 'fast-check'
import t from 'tap'
import {
  cart,
  delivery,
  engraved,
  line,
  newCartId,
  newLineId,
  newUserId,
  now,
  stateOf,
} from '../testing/fixtures.ts'
import { emptyCart, type Cart, type CartLine, type ProductId } from './cart.ts'
import { noAttributes } from './attributes.ts'
import { maxCartLines } from './lines.ts'
import { merge } from './merge.ts'

const later = new Date(now.getTime() + 1_000)
const none = (): Cart => emptyCart({ id: newCartId(), userId: newUserId(), at: later })
const mergeOf = (guest: Cart, user: Cart) => {
  const merged = merge(guest, user, newLineId, later)
  if (!merged) throw new Error('nothing was merged')
  return merged
}
const products = Array.from({ length: 4 }, () => line().productId)
const attributes = [noAttributes, engraved('a'), engraved('b')] as const

const anyLines: fc.Arbitrary<readonly CartLine[]> = fc
  .uniqueArray(
    fc.record({
      productId: fc.constantFrom<ProductId>(...products),
      attributes: fc.constantFrom(...attributes),
      quantity: fc.integer({ min: 1, max: 9 }),
    }),
    { selector: (each) => `${each.productId} ${each.attributes}` },
  )
  .map((all) => all.map((each) => line(each)))

const quantities = (lines: readonly CartLine[]): Map<string, number> =>
  new Map(lines.map((each) => [`${each.productId} ${each.attributes}`, each.quantity]))

t.test(
  'the larger quantity of each line wins, nothing is lost, and doing it twice changes nothing',
  async () => {
    fc.assert(
      fc.property(anyLines, anyLines, (theirs, mine) => {
        const guest = cart({ lines: theirs })
        const user = cart({ lines: mine, userId: newUserId() })
        const merged = mergeOf(guest, user)
        const after = merged.target?.state ?? user
        const [given, own, got] = [theirs, mine, after.lines].map(quantities)
        if (!given || !own || !got) return false
        const keys = new Set([...given.keys(), ...own.keys()])
        const isLarger = [...keys].every(
          (key) => got.get(key) === Math.max(given.get(key) ?? 0, own.get(key) ?? 0),
        )
        const again = merge(merged.source.state, after, newLineId, later)
        const repeated = merge(guest, after, newLineId, later)?.target
        return (
          isLarger &&
          got.size === keys.size &&
          new Set(after.lines.map(({ lineId }) => lineId)).size === after.lines.length &&
          again === undefined &&
          (!repeated || [...quantities(repeated.state.lines)].join() === [...got].join())
        )
      }),
      { numRuns: 300 },
    )
  },
)

t.test('65 lines with their attributes survive the first login', async (t) => {
  const lines = Array.from({ length: 65 }, (_, index) => line({ attributes: engraved(`no ${index}`) }))
  const user = none()
  const { source, target } = mergeOf(cart({ lines }), user)
  t.same(
    target?.state.lines.map(({ productId, attributes, quantity }) => ({ productId, attributes, quantity })),
    lines.map(({ productId, attributes, quantity }) => ({ productId, attributes, quantity })),
  )
  t.match(source.state, { status: 'merged', mergedInto: { cartId: user.id, version: 1 } })
  t.same(source.state.lines, lines, 'the source still tells what it had')
  t.match(target?.events, [{ type: 'merged', target: user.id, lines: { length: 65 } }])
})

t.test("the user's address and codes win where there are any", async (t) => {
  const [theirs, mine] = [delivery({ city: 'Paris' }), delivery({ city: 'Rome' })]
  const guest = cart({ delivery: theirs, promotionCodes: ['GUEST'] })
  t.match(mergeOf(guest, none()).target?.state, { delivery: theirs, promotionCodes: ['GUEST'] })
  const user = cart({ userId: newUserId(), delivery: mine, promotionCodes: ['USER'] })
  t.match(mergeOf(guest, user).target?.state, { delivery: mine, promotionCodes: ['USER'] })
})

t.test('an empty cart has nothing to give, and makes none', async (t) => {
  const { source, target } = mergeOf(cart({ lines: [] }), none())
  t.equal(target, undefined)
  t.match(source.state, { status: 'merged' })
  t.equal(source.state.mergedInto, undefined)
})

t.test('what is over is not merged again, and what a checkout has is left to it', async (t) => {
  for (const status of ['merged', 'ordered'] as const)
    t.equal(merge(cart({ status }), none(), newLineId, later), undefined)
  t.throws(() => mergeOf(cart({ status: 'locked' }), none()), { code: 'cart.locked' })
  t.throws(() => mergeOf(cart(), cart({ status: 'locked', userId: newUserId() })), { code: 'cart.locked' })
  t.match(mergeOf(cart({ status: 'abandoned' }), cart({ status: 'abandoned' })).target?.state, {
    status: 'active',
  })
})

t.test('carts that do not fit together stay apart, so that nothing is lost', async (t) => {
  const lines = (): readonly CartLine[] => Array.from({ length: maxCartLines / 2 + 1 }, () => line())
  t.throws(() => mergeOf(cart({ lines: lines() }), cart({ lines: lines() })), { code: 'cart.too-many-lines' })
  t.ok(stateOf(mergeOf(cart({ lines: lines() }), none()).target))
})
