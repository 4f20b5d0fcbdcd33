import t from 'tap'
import { cart, kindsOf, newOrderId, now, stateOf } from '../testing/fixtures.ts'
import { changed, cartTransitions, type CartStatus } from './cart.ts'
import { abandon, lock, markOrdered, unlock } from './checkout.ts'

const later = new Date(now.getTime() + 1_000)
const [first, second] = [newOrderId(), newOrderId()]

t.test('who locks the same version again gets the order that has it', async (t) => {
  const open = cart({ version: 7 })
  const locked = lock(open, 7, first, later)
  t.same(kindsOf(locked), ['locked'])
  t.match(stateOf(locked), { status: 'locked', version: 8, order: { orderId: first, version: 7 } })
  t.equal(lock(stateOf(locked), 7, second, later), undefined)
  t.equal(stateOf(locked).order?.orderId, first)
  const ordered = markOrdered(stateOf(locked), first, later)
  t.equal(lock(stateOf(ordered), 7, second, later), undefined, 'a checkout that is repeated late')
})

t.test('another version is not locked, nor is an empty cart', async (t) => {
  const refused = { kind: 'conflict', code: 'cart.version-mismatch' }
  t.throws(() => lock(cart({ version: 7 }), 6, first, later), refused)
  t.throws(() => lock(cart({ version: 7 }), 8, first, later), refused)
  t.throws(() => lock(cart({ version: 7, status: 'merged' }), 7, first, later), refused)
  t.throws(() => lock(cart({ version: 7, lines: [] }), 7, first, later), { code: 'cart.empty' })
  t.match(stateOf(lock(cart({ version: 7, status: 'abandoned' }), 7, first, later)), { status: 'locked' })
})

t.test(
  'unlocking raises the version, so that the version that was locked is never locked again',
  async (t) => {
    const locked = stateOf(lock(cart({ version: 7 }), 7, first, later))
    const back = unlock(locked, 7, first, later)
    t.same(kindsOf(back), ['reopened'])
    t.match(stateOf(back), { status: 'active', version: 9 })
    t.equal(unlock(stateOf(back), 7, first, later), undefined, 'again')
    t.throws(() => lock(stateOf(back), 7, first, later), { code: 'cart.version-mismatch' })
    t.equal(unlock(locked, 7, second, later), undefined, "another order's")
  },
)

t.test('an unlock that comes before its lock leaves it nothing to lock', async (t) => {
  const open = cart({ version: 7 })
  const raised = unlock(open, 7, first, later)
  t.same(kindsOf(raised), ['reopened'])
  t.throws(() => lock(stateOf(raised), 7, first, later), { code: 'cart.version-mismatch' })
})

t.test('a covered order keeps its cart, and takes it back when it was revived', async (t) => {
  const locked = stateOf(lock(cart({ version: 7 }), 7, first, later))
  const ordered = stateOf(markOrdered(locked, first, later))
  t.match(ordered, { status: 'ordered', version: 9 })
  t.equal(markOrdered(ordered, first, later), undefined, 'again')
  t.throws(() => unlock(ordered, 7, first, later), { code: 'cart.ordered' })
  const back = stateOf(unlock(locked, 7, first, later))
  t.match(stateOf(markOrdered(back, first, later)), { status: 'ordered' })
})

t.test('a revived order takes its cart back although another order of it has come and gone', async (t) => {
  const locked = stateOf(lock(cart({ version: 7 }), 7, first, later))
  const back = stateOf(unlock(locked, 7, first, later))
  const other = stateOf(lock(back, back.version, second, later))
  t.equal(markOrdered(other, first, later), undefined, 'another checkout has it at the moment')
  const again = stateOf(unlock(other, back.version, second, later))
  const ordered = stateOf(markOrdered(again, first, later))
  t.match(ordered, { status: 'ordered', order: { orderId: first } })
  t.equal(unlock(ordered, back.version, second, later), undefined, 'and keeps it')
})

t.test('only an active cart with lines that nobody touched is abandoned, and once', async (t) => {
  const quiet = cart()
  const change = abandon(quiet, later, later)
  t.same(kindsOf(change), ['abandoned'])
  t.equal(abandon(stateOf(change), later, later), undefined)
  t.equal(abandon(quiet, now, later), undefined, 'touched since')
  t.equal(abandon(cart({ lines: [] }), later, later), undefined)
  for (const status of ['locked', 'merged', 'ordered'] as const)
    t.equal(abandon(cart({ status }), later, later), undefined)
})

t.test('a cart moves along the lawful transitions only', async (t) => {
  const statuses = Object.keys(cartTransitions) as CartStatus[]
  for (const from of statuses)
    for (const to of statuses) {
      const move = () =>
        changed(cart({ status: from }), { status: to }, later, (state) => ({ type: 'cleared', cart: state }))
      if (from === to || cartTransitions[from].includes(to)) t.equal(move().state.status, to)
      else t.throws(move, { code: `cart.${from}` }, `${from} to ${to}`)
    }
})
