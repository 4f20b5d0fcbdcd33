import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { CartVersion, Checkouts } from '../application/checkouts.ts'
import type { OrderFiles } from '../application/order-files.ts'
import type { Orders } from '../application/orders.ts'
import { buy } from '../domain/buy.ts'
import { withChange } from '../domain/order-file.ts'
import { cancel, confirm, type Order, type OrderId, type UserId } from '../domain/order.ts'
import type { PaymentId } from '../domain/terms.ts'
import { newOrderId, newUserId, now, trace } from './fixtures.ts'
import { purchase } from './purchases.ts'

export type OpenCheckouts = {
  readonly orders: Orders
  readonly files: OrderFiles
  readonly checkouts: Checkouts
  /** The same store, as another process has it. */
  readonly others: Checkouts
}

type Open = (t: Test) => Promise<OpenCheckouts>

export const versionOf = (of = purchase()): CartVersion => ({
  cartId: of.terms.cart.id,
  version: of.terms.cart.version,
})

/** The behaviour of every implementation of the store of orders that were made of carts. */
export function checkoutsContract(t: Test, open: Open): void {
  buying(t, open)
  takingBack(t, open)
  onePlace(t, open)
  following(t, open)
}

function buying(t: Test, open: Open): void {
  t.test('of many checkouts of one version, in two processes, one makes the order', async (t) => {
    const { checkouts, others, orders } = await open(t)
    const wanted = purchase()
    const bought = await Promise.all(
      Array.from({ length: 24 }, (_, n) => {
        const change = buy({ ...wanted, id: newOrderId() }, now)
        const once = n % 3 === 0 ? { key: `k${n} ${wanted.id}`, fingerprint: 'f' } : undefined
        return (n % 2 === 0 ? checkouts : others).add(change, trace, once)
      }),
    )
    const ids = new Set(bought.map((each) => each?.order.id))
    t.equal(ids.size, 1)
    t.equal(bought.filter((each) => each?.isNew).length, 1)
    const [id] = ids
    t.strictSame(
      await orders.find(id!),
      bought.find((each) => each?.isNew)?.order,
      'it is stored as it was made',
    )
    t.equal((await checkouts.findByCart(versionOf(wanted)))?.id, id)
    t.equal((await orders.findByRequest({ key: `k0 ${wanted.id}`, fingerprint: 'f' }))?.id, id)
  })

  t.test("a user's newest order of a cart is found, and no other", async (t) => {
    const { checkouts, orders } = await open(t)
    const userId: UserId = newUserId()
    t.equal(await checkouts.findNewest(userId), undefined)
    const [first, second, stranger] = [purchase(), purchase(), purchase()]
    for (const wanted of [first, second])
      await checkouts.add(buy({ ...wanted, userId }, now), trace, undefined)
    await checkouts.add(buy(stranger, now), trace, undefined)
    t.equal((await checkouts.findNewest(userId))?.id, second.id)
    t.equal((await orders.find(stranger.id))?.userId, stranger.userId)
  })

  t.test('the key of a request that was answered with an earlier order stays with it', async (t) => {
    const { checkouts, orders } = await open(t)
    const [first, second] = [purchase(), purchase()]
    await checkouts.add(buy(first, now), trace, undefined)
    await checkouts.add(buy(second, now), trace, undefined)
    const once = { key: newId(), fingerprint: 'f' }
    await checkouts.claim(once, first.id)
    await t.rejects(checkouts.claim(once, second.id), { code: 'request.idempotency-key-in-use' })
    t.equal((await orders.findByRequest(once))?.id, first.id)
  })

  t.test('the key of a request that has made an order makes no second one', async (t) => {
    const { checkouts, orders } = await open(t)
    const [first, second] = [purchase(), purchase()]
    const once = { key: newId(), fingerprint: 'f' }
    await checkouts.add(buy(first, now), trace, once)
    await t.rejects(checkouts.add(buy(second, now), trace, once), { code: 'request.idempotency-key-in-use' })
    t.equal(await orders.find(second.id), undefined)
    t.equal(await checkouts.findByCart(versionOf(second)), undefined)
  })
}

function takingBack(t: Test, open: Open): void {
  t.test(
    'a version that was taken back makes no order, and one that has made one is not taken back',
    async (t) => {
      const { checkouts } = await open(t)
      const [early, late] = [purchase(), purchase()]
      t.strictSame(await checkouts.takeBack([versionOf(early)]), [undefined])
      t.equal(await checkouts.add(buy(early, now), trace, undefined), undefined)
      t.ok((await checkouts.add(buy(late, now), trace, undefined))?.isNew)
      t.strictSame(await checkouts.takeBack([versionOf(late), versionOf(early)]), ['pending', undefined])
    },
  )

  t.test('only one of a checkout and the reaper wins, whoever is first', async (t) => {
    const { checkouts } = await open(t)
    for (let n = 0; n < 10; n++) {
      const wanted = purchase()
      const [bought, [status]] = await Promise.all([
        checkouts.add(buy(wanted, now), trace, undefined),
        checkouts.takeBack([versionOf(wanted)]),
      ])
      t.equal(bought === undefined, status === undefined)
    }
  })
}

function onePlace(t: Test, open: Open): void {
  t.test('a cart of which an order lives is bought by no other', async (t) => {
    const { checkouts, orders } = await open(t)
    const wanted = purchase()
    await checkouts.add(buy(wanted, now), trace, undefined)
    const second = buy(nextOf(wanted), now)
    await t.rejects(checkouts.add(second, trace, undefined), { code: 'cart.ordered' })
    await change(orders, wanted.id, (order) => cancel(order, '', now)!)
    t.ok((await checkouts.add(second, trace, undefined))?.isNew, 'and of which none lives, again')
  })

  t.test('an order that has ended comes back to life only while its cart has no other', async (t) => {
    const { checkouts, orders, files } = await open(t)
    const wanted = purchase()
    await checkouts.add(buy(wanted, now), trace, undefined)
    await change(orders, wanted.id, (order) => cancel(order, '', now)!)
    const next = nextOf(wanted)
    await checkouts.add(buy(next, now), trace, undefined)
    const revive = () =>
      files.update({
        ...{ id: wanted.id, trace },
        decide: (file) => withChange(file, confirm({ ...file.order, status: 'pending' }, now)),
      })
    await t.rejects(revive(), { code: 'order.place-taken' })
    t.match(await orders.find(wanted.id), { status: 'canceled' })
    await change(orders, next.id, (order) => cancel(order, '', now)!)
    t.match(await revive(), { order: { status: 'confirmed' } })
  })
}

function following(t: Test, open: Open): void {
  const later = new Date(now.getTime() + 60_000)

  t.test('an order whose first payment has to begin is due from its confirmation on', async (t) => {
    const { checkouts, orders } = await open(t)
    const wanted = purchase()
    await checkouts.add(buy(wanted, now), trace, undefined)
    t.notOk((await checkouts.untoldSince(later, 100)).includes(wanted.id))
    await change(orders, wanted.id, (order) => confirm(order, now))
    t.ok((await checkouts.untoldSince(later, 100)).includes(wanted.id))
    t.notOk((await checkouts.untoldSince(now, 100)).includes(wanted.id))
    await checkouts.markBegun(wanted.id, newId() as PaymentId)
    t.ok((await checkouts.untoldSince(later, 100)).includes(wanted.id), 'another payment is not the first')
    await checkouts.markBegun(wanted.id, wanted.firstPayment!.id)
    t.notOk((await checkouts.untoldSince(later, 100)).includes(wanted.id))
    t.match(await orders.find(wanted.id), { firstPayment: undefined, revision: 1 })
  })

  t.test('an order that changes while its cart is told is told of again', async (t) => {
    const { checkouts, orders } = await open(t)
    const wanted = purchase()
    await checkouts.add(buy(wanted, now), trace, undefined)
    await change(orders, wanted.id, (order) => cancel(order, '', now)!)
    const { revision } = (await orders.find(wanted.id))!
    const isUntold = async () => (await checkouts.untoldSince(later, 100)).includes(wanted.id)
    t.ok(await isUntold())
    await checkouts.markTold({ id: wanted.id, revision: revision - 1 })
    t.ok(await isUntold())
    await checkouts.markTold({ id: wanted.id, revision })
    t.notOk(await isUntold())
  })
}

/** The same cart, given back and bought again. */
const nextOf = (wanted: ReturnType<typeof purchase>): ReturnType<typeof purchase> => ({
  ...wanted,
  id: newOrderId(),
  terms: { ...wanted.terms, cart: { ...wanted.terms.cart, version: wanted.terms.cart.version + 2 } },
})

async function change(
  orders: Orders,
  id: OrderId,
  decide: (order: Order) => ReturnType<typeof confirm>,
): Promise<void> {
  await orders.update([{ id, trace, decide }])
}
