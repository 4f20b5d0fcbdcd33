import t, { type Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { LockedCart } from '../application/carts.ts'
import { followUp } from '../application/follow-up.ts'
import { reapLocks } from '../application/reap-locks.ts'
import { releaseUnneeded } from '../application/release-canceled-orders.ts'
import { settleCreatedOrders } from '../application/settle-created-orders.ts'
import { buy } from '../domain/buy.ts'
import type { OrderId } from '../domain/order.ts'
import type { CartId, PaymentId, PromotionId } from '../domain/terms.ts'
import { checkoutsContract, versionOf } from '../testing/checkouts-contract.ts'
import { fakeStock } from '../testing/fake-stock.ts'
import { now, trace } from '../testing/fixtures.ts'
import { openOrderDatabase } from '../testing/order-database.ts'
import { noPrices } from '../testing/no-checkout.ts'
import { noTill } from '../testing/no-payments.ts'
import { purchase } from '../testing/purchases.ts'
import { postgresCheckouts } from './postgres-checkouts.ts'
import { postgresOrderFiles } from './postgres-order-files.ts'
import { prismaOrders } from './prisma-orders.ts'
import { rememberOrders } from './remembered-orders.ts'

// What decides between checkouts of one cart, and what follows from them, on a real PostgreSQL.

async function open(t: Test) {
  const { sql, db } = await openOrderDatabase(t)
  const wake = (): void => undefined
  const replica = () => {
    const remembered = rememberOrders()
    return {
      orders: prismaOrders(db, sql, wake, remembered),
      checkouts: postgresCheckouts({ sql, wakeProducer: wake, remembered }),
    }
  }
  const files = postgresOrderFiles(sql, wake, () => now)
  const told: string[] = []
  const carts = {
    order: async ({ orderId }: Pick<LockedCart, 'orderId'>) => void told.push(`ordered ${orderId}`),
    unlock: async ({ orderId }: LockedCart) => void told.push(`unlocked ${orderId}`),
  }
  return { ...replica(), replica, files, sql, told, carts }
}

checkoutsContract(t, async (t) => {
  const { orders, files, checkouts, replica } = await open(t)
  return { orders, files, checkouts, others: replica().checkouts }
})

t.test('checkouts at once under the id that the lock gave store one order, with one event', async (t) => {
  const { checkouts, orders, sql } = await open(t)
  const [wanted, before] = [purchase(), purchase()]
  // While the first is stored, the others wait for a batch of their own.
  const all = [before, wanted, wanted, wanted].map((each) => {
    const firstPayment = each.firstPayment && { ...each.firstPayment, id: newId() as PaymentId }
    return checkouts.add(buy({ ...each, firstPayment }, now), trace, undefined)
  })
  const bought = (await Promise.all(all)).slice(1)
  t.equal(bought.filter((each) => each?.isNew).length, 1)
  for (const each of bought)
    t.strictSame(each?.order, await orders.find(wanted.id), 'each is told what is stored')
  const events = await sql.$queryRawUnsafe<readonly object[]>(
    `select subject from producer.outbox where aggregate_id = $1::uuid`,
    wanted.id,
  )
  t.strictSame(events, [{ subject: 'order.created' }])
})

t.test('a checkout that died between its lock and its order gives the cart back', async (t) => {
  const { checkouts, carts, told } = await open(t)
  const [dead, alive] = [purchase(), purchase()]
  await checkouts.add(buy(alive, now), trace, undefined)
  const locked = [dead, alive].map((each) => ({ ...versionOf(each), orderId: each.id }))
  const reap = reapLocks({
    carts: { ...carts, lockedFor: async () => locked, find: never, lock: never },
    checkouts,
  })
  t.equal(await reap(), 1)
  t.strictSame(told, [`unlocked ${dead.id}`])
  t.equal(await checkouts.add(buy(dead, now), trace, undefined), undefined, 'and never comes to life')
})

const never = async (): Promise<never> => {
  throw new Error('nobody asks for this here')
}

t.test('what follows is done once it has been done, whatever dies before', async (t) => {
  const { checkouts, orders, files, carts, told, sql } = await open(t)
  const wanted = purchase()
  const promotion = { id: newId() as PromotionId, code: 'TEN', description: '', amountMinor: 1n }
  const terms = { ...wanted.terms, promotions: [promotion] }
  const { order } = (await checkouts.add(buy({ ...wanted, terms }, now), trace, undefined))!
  const stock = fakeStock()
  const held: string[] = []
  const prices = {
    ...noPrices,
    reserve: async () => [undefined],
    release: async ({ holdNo }: { holdNo: number }) => void held.push(`released ${holdNo}`),
    confirm: async ({ holdNo }: { holdNo: number }) => void held.push(`confirmed ${holdNo}`),
  }
  await settleCreatedOrders({ stock, prices, orders, now: () => now })([{ orderId: order.id, trace }])
  const begun: string[] = []
  let isDead = true
  const beginFirst = async (_: unknown, __: unknown, { id }: { id: string }): Promise<void> => {
    begun.push(id)
    if (isDead) throw new Error('the process died')
  }
  const release = releaseUnneeded({ stock, orders })
  const follow = followUp({
    orders,
    files,
    checkouts,
    carts,
    prices,
    release,
    till: { ...noTill, beginFirst },
  })
  const due = async (): Promise<readonly OrderId[]> =>
    checkouts.untoldSince(new Date(now.getTime() + 60_000), 10)
  t.strictSame(await due(), [order.id])
  await t.rejects(follow([{ orderId: order.id, trace }]), /died/)
  t.strictSame(await due(), [order.id], 'the payment still has to begin')
  isDead = false
  await follow([{ orderId: order.id, trace }])
  t.strictSame(await due(), [])
  t.strictSame(begun, [wanted.firstPayment!.id, wanted.firstPayment!.id], 'with one id')
  await follow([{ orderId: order.id, trace }])
  t.equal(begun.length, 2)
  t.strictSame(told, [])
  await sql.$executeRawUnsafe(
    `update orders.orders set status = 'expired', awaiting_cart = true where id = $1::uuid`,
    order.id,
  )
  t.strictSame(await due(), [order.id])
  await follow([{ orderId: order.id, trace }])
  t.strictSame([told, held, await due()], [[`unlocked ${order.id}`], ['released 1'], []])
})

t.test('a promotion that is used up rejects the order, and its stock goes back at once', async (t) => {
  const { checkouts, orders, files, carts, told } = await open(t)
  const wanted = purchase()
  const promotion = { id: newId() as PromotionId, code: 'TEN', description: '', amountMinor: 1n }
  const terms = { ...wanted.terms, cart: { id: newId() as CartId, version: 1 }, promotions: [promotion] }
  const { order } = (await checkouts.add(buy({ ...wanted, terms }, now), trace, undefined))!
  const stock = fakeStock()
  const prices = { ...noPrices, reserve: async () => ['used-up'] }
  await settleCreatedOrders({ stock, prices, orders, now: () => now })([{ orderId: order.id, trace }])
  t.match(await orders.find(order.id), { status: 'rejected', awaitingRelease: true, firstPayment: undefined })
  const release = releaseUnneeded({ stock, orders })
  await followUp({ orders, files, checkouts, carts, prices, release, till: noTill })([
    { orderId: order.id, trace },
  ])
  t.match(stock.released.get(order.id), { kept: [] })
  t.strictSame(told, [`unlocked ${order.id}`])
  t.match(await orders.find(order.id), { awaitingRelease: false, awaitingCart: false })
})
