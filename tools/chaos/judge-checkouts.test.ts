import t from 'tap'
import type { EndState } from './end-state.ts'
import type { Operation, Told } from './history.ts'
import { judgeCarts, judgeCheckouts } from './judge-checkouts.ts'
import type { Attempts } from './operations.ts'
import { aCart, aCheckout, anOrder, did, emptyEnd, violatedIn } from './testing/world.ts'

const { items } = anOrder()
const operation: Operation = { name: 'checkout', cart: 'c1', version: 3, user: 'ann', items, total: 25 }
const checkingOut = (key: string, told: Partial<Told> = {}): Attempts =>
  did(key, operation, { order: { id: 'o1', status: 'pending', items, total: 25 }, ...told })
const bought = { orders: [anOrder()], checkouts: [aCheckout()], carts: [aCart()] }
const judged = (operations: readonly Attempts[], state: Partial<EndState> = {}) =>
  judgeCheckouts(operations, { ...emptyEnd, ...bought, ...state })
const broken = (operations: readonly Attempts[], state: Partial<EndState> = {}): readonly string[] => [
  ...violatedIn(judged(operations, state).rules),
  ...violatedIn(judgeCarts(operations, { ...emptyEnd, ...bought, ...state }).rules),
]

const asAnswered = 'an order of a checkout is there, as it was answered'
const once = 'a version of a cart is ordered once'
const oneLives = 'one order of a cart lives'

t.test('a version that was checked out twice at once, and is one order, is in order', async (t) => {
  const twice = [checkingOut('k1'), checkingOut('k2')]
  t.same(judged(twice).counts, { checkout: { ok: 1 } })
  t.same(broken(twice), [])
})

t.test('an order that was answered and is not there, or is another one, is lost', async (t) => {
  const nothing = { orders: [], checkouts: [] }
  t.same(judged([checkingOut('k1')], nothing).counts, { checkout: { lost: 1 } })
  t.ok(broken([checkingOut('k1')], nothing).includes(asAnswered))
  for (const wrong of [{ total: 24 }, { items: [] }, { user: 'bob' }, { user: null }, { id: 'o2' }]) {
    const orders = [anOrder(wrong)]
    const checkouts = [aCheckout({ order: orders[0]?.id ?? '' })]
    t.ok(broken([checkingOut('k1')], { orders, checkouts }).includes(asAnswered), JSON.stringify(wrong))
  }
})

t.test('two orders of one version are found, whoever tells of them', async (t) => {
  const other = checkingOut('k2', { order: { id: 'o2', status: 'pending', items, total: 25 } })
  t.same(judged([checkingOut('k1'), other]).counts, { checkout: { doubled: 1 } })
  const orders = [anOrder(), anOrder({ id: 'o2', status: 'canceled' })]
  const two = { orders, checkouts: [aCheckout(), aCheckout({ order: 'o2' })] }
  t.same(broken([checkingOut('k1')], two), [asAnswered, once])
})

t.test('two orders of one cart may follow each other, and not live both', async (t) => {
  const again = did(
    'k2',
    { ...operation, version: 4 },
    { order: { id: 'o2', status: 'pending', items, total: 25 } },
  )
  const of = (status: string) => ({
    orders: [anOrder({ status }), anOrder({ id: 'o2' })],
    checkouts: [aCheckout(), aCheckout({ order: 'o2', version: 4 })],
  })
  t.same(broken([checkingOut('k1'), again], of('canceled')), [])
  t.same(broken([checkingOut('k1'), again], of('confirmed')), [oneLives])
})

t.test('what was refused is not there, and what nobody checked out neither', async (t) => {
  const refused = checkingOut('k1', { status: 409 })
  t.same(judged([refused], { orders: [], checkouts: [] }).counts, { checkout: { refused: 1 } })
  t.ok(broken([refused]).includes(asAnswered))
  const silent = { ...refused, isDefinite: false }
  t.same(judged([silent]).counts, { checkout: { 'unknown-recovered': 1 } })
  t.same(judged([silent], { orders: [], checkouts: [] }).counts, { checkout: { 'unknown-absent': 1 } })
  t.same(broken([]), ['no cart is ordered that nobody checked out'])
})

t.test('a cart that was taken back has no order that lives, unless late money has revived it', async (t) => {
  const rule = 'a cart that was taken back has no order that lives'
  const taking = did('r1', { name: 'reopen', cart: 'c1', order: 'o1' }, { status: 200, isReopened: true })
  const operations = [checkingOut('k1'), taking]
  const of = (status: string, history: readonly string[]) => ({ orders: [anOrder({ status, history })] })
  t.ok(broken(operations).includes(rule))
  t.notOk(broken(operations, of('canceled', ['pending', 'canceled'])).includes(rule))
  t.notOk(broken(operations, of('paid', ['pending', 'expired', 'paid'])).includes(rule))
  const tooLate = did('r1', taking.operation, { status: 409 })
  t.same(broken([checkingOut('k1'), tooLate]), [])
})

t.test('a cart that is locked for nothing, or is not over though it is paid for, is found', async (t) => {
  const locked = 'no cart stays locked without an order that lives'
  const carts = [aCart({ status: 'locked' })]
  for (const orders of [[], [anOrder({ status: 'expired' })]])
    t.ok(broken([checkingOut('k1')], { carts, orders }).includes(locked))
  const waiting = { carts, orders: [anOrder({ status: 'confirmed' })] }
  t.same(broken([checkingOut('k1')], waiting), [])
  for (const wrong of [carts, [aCart({ status: 'active' })], []])
    t.ok(broken([checkingOut('k1')], { carts: wrong }).includes('a cart whose order is paid is over'))
})

t.test("a guest's cart goes to who has logged in, or stays", async (t) => {
  const rule = 'the cart of a guest who has logged in is not lost'
  const login = did('l1', { name: 'merge', cart: 'g1', user: 'ann' }, { status: 200 })
  const guests = (more: Parameters<typeof aCart>[0]) => aCart({ id: 'g1', user: null, ...more })
  const merged = guests({ status: 'merged', mergedInto: 'c1' })
  const operations = [checkingOut('k1'), login]
  t.same(broken(operations, { carts: [aCart(), merged] }), [])
  t.same(broken(operations, { carts: [aCart(), guests({ status: 'active' })] }), [])
  for (const carts of [
    [aCart()],
    [aCart({ user: 'bob' }), merged],
    [aCart(), guests({ status: 'merged' })],
    [aCart(), guests({ status: 'active', lines: [] })],
  ])
    t.same(broken(operations, { carts }), [rule])
})
