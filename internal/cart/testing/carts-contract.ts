import { type Test } from 'tap'
import type { Carts } from '../application/ports.ts'
import { abandon, lock, markOrdered } from '../domain/checkout.ts'
import { clear, removeItem } from '../domain/lines.ts'
import { merge } from '../domain/merge.ts'
import { setDelivery } from '../domain/terms.ts'
import type { CartChange, UserId } from '../domain/cart.ts'
import {
  delivery,
  engraved,
  filled,
  item,
  newCartId,
  newLineId,
  newOrderId,
  newUserId,
  now,
  stateOf,
  trace,
} from './fixtures.ts'

export type Told = { readonly type: string; readonly cartId: string; readonly version: number }
export type OpenCarts = { readonly carts: Carts; readonly told: () => Promise<readonly Told[]> }

type Open = (t: Test) => Promise<OpenCarts>

const later = new Date(now.getTime() + 60_000)
const user = (userId: UserId) => ({ kind: 'user', userId }) as const

/** The behaviour of every implementation of the store of carts. */
export function cartsContract(t: Test, open: Open): void {
  storing(t, open)
  merging(t, open)
  ageing(t, open)
}

function storing(t: Test, open: Open): void {
  t.test('gives back what was stored, to the letter', async (t) => {
    const { carts, told } = await open(t)
    const userId = newUserId()
    const first = filled({ userId }, item({ quantity: 3, attributes: engraved('Grüße "quoted" \\ 🎁') }))
    t.equal(await carts.store(first, trace), true)
    const second = setDelivery(first.state, { ...delivery(), shippingMethod: 'post' }, later)
    t.equal(second && (await carts.store(second, trace)), true)
    const third = lock(stateOf(second), 2, newOrderId(), later)
    t.equal(third && (await carts.store(third, trace)), true)
    t.same(await carts.find(user(userId)), third?.state)
    t.same(await carts.findById(first.state.id), third?.state)
    t.same(
      await told(),
      ['item_added', 'delivery_changed', 'locked'].map((type, index) => {
        return { type, cartId: first.state.id, version: index + 1 }
      }),
    )
  })

  t.test(
    "a guest's cart is found by its id as long as it lives, and a user's by its user only",
    async (t) => {
      const { carts } = await open(t)
      const [mine, theirs] = [filled({ userId: newUserId() }), filled()]
      for (const change of [mine, theirs]) await carts.store(change, trace)
      t.same(await carts.find({ kind: 'guest', cartId: theirs.state.id }), theirs.state)
      t.equal(await carts.find({ kind: 'guest', cartId: mine.state.id }), undefined)
      t.equal(await carts.find({ kind: 'guest', cartId: newCartId() }), undefined)
      t.equal(await carts.find(user(newUserId())), undefined)
      const ordered = orderedFrom(theirs)
      for (const change of ordered) t.equal(await carts.store(change, trace), true)
      t.equal(await carts.find({ kind: 'guest', cartId: theirs.state.id }), undefined)
      t.match(await carts.findById(theirs.state.id), { status: 'ordered' })
    },
  )

  t.test('of eight writers of one version one wins, and the others store nothing', async (t) => {
    const { carts, told } = await open(t)
    const { state } = await stored(carts, filled())
    const writers = Array.from({ length: 8 }, () =>
      setDelivery(state, delivery({ city: newCartId() }), later),
    )
    const won = await Promise.all(writers.map(async (change) => change && carts.store(change, trace)))
    t.equal(won.filter(Boolean).length, 1)
    t.equal((await told()).length, 2)
    t.same(await carts.findById(state.id), writers[won.indexOf(true)]?.state)
  })

  t.test('of eight first carts of one user one is stored', async (t) => {
    const { carts, told } = await open(t)
    const userId = newUserId()
    const won = await Promise.all(Array.from({ length: 8 }, () => carts.store(filled({ userId }), trace)))
    t.equal(won.filter(Boolean).length, 1)
    t.equal((await told()).length, 1)
  })

  t.test('a user whose cart was ordered may have a new one, and keeps the old one apart', async (t) => {
    const { carts } = await open(t)
    const userId = newUserId()
    const first = await stored(carts, filled({ userId }))
    for (const change of orderedFrom(first)) await carts.store(change, trace)
    t.equal(await carts.find(user(userId)), undefined)
    const second = await stored(carts, filled({ userId }))
    t.same(await carts.find(user(userId)), second.state)
  })

  t.test('a request is known by its key, and its change is stored once', async (t) => {
    const { carts, told } = await open(t)
    const once = { key: newOrderId(), fingerprint: 'a' }
    t.equal(await carts.findByRequest(once), undefined)
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => carts.store(filled(), trace, once)),
    )
    t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const result of results)
      if (result.status === 'rejected') t.match(result.reason, { code: 'request.idempotency-key-in-use' })
    const [only] = await told()
    t.equal((await told()).length, 1)
    t.equal(await carts.findByRequest(once), only?.cartId)
    await t.rejects(carts.findByRequest({ ...once, fingerprint: 'b' }), {
      code: 'request.idempotency-key-reused',
    })
  })

  t.test('a change that lost leaves its key to the next attempt', async (t) => {
    const { carts } = await open(t)
    const once = { key: newOrderId(), fingerprint: 'a' }
    const { state } = await stored(carts, filled())
    const [quick, slow] = ['a', 'b'].map((city) => setDelivery(state, delivery({ city }), later))
    t.equal(quick && (await carts.store(quick, trace)), true)
    t.equal(slow && (await carts.store(slow, trace, once)), false)
    t.equal(await carts.findByRequest(once), undefined)
    const again = setDelivery(stateOf(quick), delivery({ city: 'b' }), later)
    t.equal(again && (await carts.store(again, trace, once)), true)
    t.equal(await carts.findByRequest(once), state.id)
  })
}

function merging(t: Test, open: Open): void {
  t.test('both carts of a merge are stored, or neither is', async (t) => {
    const { carts, told } = await open(t)
    const userId = newUserId()
    const [mine, theirs] = [await stored(carts, filled({ userId })), await stored(carts, filled())]
    const merged = merge(theirs.state, mine.state, newLineId, later)
    if (!merged?.target) throw new Error('there is something to merge')
    const moved = setDelivery(theirs.state, delivery(), later)
    await stored(carts, moved!)
    t.equal(await carts.storeMerge(merged, trace), false, 'the guest was quicker')
    t.same(await carts.find(user(userId)), mine.state)
    t.equal((await told()).length, 3)
    const again = merge(stateOf(moved), mine.state, newLineId, later)
    t.equal(again && (await carts.storeMerge(again, trace)), true)
    t.same(await carts.find(user(userId)), again?.target?.state)
    t.same(await carts.findById(theirs.state.id), again?.source.state)
    t.same(
      (await told()).slice(3).map(({ type }) => type),
      ['merged', 'merged'],
    )
  })

  t.test('of eight merges of one cart at once one is stored', async (t) => {
    const { carts, told } = await open(t)
    const userId = newUserId()
    const [mine, theirs] = [await stored(carts, filled({ userId })), await stored(carts, filled())]
    const merged = merge(theirs.state, mine.state, newLineId, later)
    const won = await Promise.all(
      Array.from({ length: 8 }, async () => merged && carts.storeMerge(merged, trace)),
    )
    t.equal(won.filter(Boolean).length, 1)
    t.equal((await told()).filter(({ type }) => type === 'merged').length, 2)
  })
}

function ageing(t: Test, open: Open): void {
  const at = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000)

  t.test('knows what nobody has touched, and not what is empty, locked or abandoned already', async (t) => {
    const { carts } = await open(t)
    const [quiet, young, empty, locked, gone] = await Promise.all(
      [at(0), at(3), at(0), at(0), at(0)].map((when) => stored(carts, filled({ at: when }))),
    )
    if (!quiet || !young || !empty || !locked || !gone) throw new Error('five carts were stored')
    await carts.store(clear(empty.state, at(0))!, trace)
    await carts.store(lock(locked.state, 1, newOrderId(), at(0))!, trace)
    await carts.store(abandon(gone.state, at(1), at(0))!, trace)
    t.same(await carts.untouchedSince(at(2), 10), [quiet.state])
    t.same(await carts.untouchedSince(new Date(at(0).getTime() - 1), 10), [])
    t.equal((await carts.untouchedSince(at(4), 1)).length, 1)
    t.match(await carts.lockedSince(at(2), 10), [{ id: locked.state.id, status: 'locked' }])
    t.same(await carts.lockedSince(at(0), 10), [])
  })

  t.test("removes guests' carts that nobody needs, and nothing else", async (t) => {
    const { carts } = await open(t)
    const old = await stored(carts, filled({ at: at(-100) }))
    const userId = newUserId()
    await stored(carts, filled({ at: at(-100), userId }))
    const ordered = await stored(carts, filled({ at: at(-100) }))
    for (const change of orderedFrom(ordered, at(-99))) await carts.store(change, trace)
    const young = await stored(carts, filled({ at: at(0) }))
    await forgetEvents(carts)
    t.equal(await carts.removeGuests(at(-50), 10), 1)
    t.equal(await carts.findById(old.state.id), undefined)
    for (const id of [ordered.state.id, young.state.id]) t.ok(await carts.findById(id))
    t.ok(await carts.find(user(userId)))
    t.equal(await carts.removeGuests(at(-50), 10), 0)
  })

  t.test('a change of a cart that is gone stores nothing', async (t) => {
    const { carts, told } = await open(t)
    const [only] = (await stored(carts, filled())).state.lines
    const unknown = { ...filled().state, lines: only ? [only] : [] }
    t.equal(await carts.store(removeItem(unknown, only?.lineId ?? newLineId(), later), trace), false)
    t.equal((await told()).length, 1)
  })
}

/** A store that keeps events removes no cart before them. */
async function forgetEvents(carts: Carts): Promise<void> {
  await (carts as Carts & { readonly forgetEvents?: () => Promise<void> }).forgetEvents?.()
}

function orderedFrom({ state }: CartChange, at = later): readonly CartChange[] {
  const orderId = newOrderId()
  const locked = lock(state, state.version, orderId, at)
  return [locked, markOrdered(stateOf(locked), orderId, at)].map((change) => change!)
}

async function stored(carts: Carts, change: CartChange): Promise<CartChange> {
  if (!(await carts.store(change, trace))) throw new Error('the cart was not stored')
  return change
}
