import t, { type Test } from 'tap'
import { releaseUnneeded } from '../application/release-canceled-orders.ts'
import { reviveOrders, reviveWithLateMoney } from '../application/revive-orders.ts'
import { buy } from '../domain/buy.ts'
import { confirm, expire, type OrderChange } from '../domain/order.ts'
import { fakePayments } from '../testing/fake-payments.ts'
import { fakeStock } from '../testing/fake-stock.ts'
import { now, trace } from '../testing/fixtures.ts'
import { openOrderDatabase } from '../testing/order-database.ts'
import { noPrices } from '../testing/no-checkout.ts'
import { purchase } from '../testing/purchases.ts'
import { eraseBuyers, openOrders } from './people.ts'
import { postgresCheckouts } from './postgres-checkouts.ts'
import { postgresOrderFiles } from './postgres-order-files.ts'
import { prismaOrders } from './prisma-orders.ts'
import { rememberOrders } from './remembered-orders.ts'

// Who bought an order is removed when nobody needs it any more, and not before.

async function open(t: Test) {
  const { sql, db } = await openOrderDatabase(t)
  const [wake, remembered] = [(): void => undefined, rememberOrders()]
  const orders = prismaOrders(db, sql, wake, remembered)
  const files = postgresOrderFiles(sql, wake, () => now)
  const checkouts = postgresCheckouts({ sql, wakeProducer: wake, remembered })
  const wanted = purchase()
  const bought = await checkouts.add(buy(wanted, now), trace, undefined)
  const { id } = bought!.order
  const [userId, erase] = [wanted.userId!, eraseBuyers(sql)]
  const [stock, payments] = [fakeStock(), fakePayments()]
  const deps = { orders, files, stock, payments, prices: noPrices, now: () => now }
  return {
    ...{ deps, orders, files, sql, id, stock, payments },
    move: (decide: (seen: Parameters<typeof confirm>[0], at: Date) => OrderChange) =>
      orders.update([{ id, trace, decide: (seen) => decide(seen, now) }]),
    isOpen: () => openOrders(sql)(userId),
    /** Whether all of theirs is erased now. */
    erased: async () => (await erase([userId])).includes(userId),
    release: async () => {
      await releaseUnneeded(deps)([{ orderId: id, trace }])
      await sql.$executeRawUnsafe('update orders.orders set awaiting_cart = false')
    },
    buyer: async () => (await files.find(id))?.order.buyer,
    lateMoney: () => {
      const due = wanted.totalMinor
      const sums = { dueMinor: due, authorizedMinor: 0n, capturedMinor: due, refundedMinor: 0n }
      return reviveWithLateMoney(deps)([
        { orderId: id, money: { ...sums, gateVersion: 1, attempt: 'none' }, trace },
      ])
    },
  }
}

const nobody = { email: '', delivery: { name: '', line1: '', postalCode: '', country: 'GB', phone: '' } }

t.test('an order that has not ended keeps its buyer, and one that has loses them', async (t) => {
  const { move, isOpen, erased, buyer } = await open(t)
  t.same([await isOpen(), await erased()], [true, false])
  await move(confirm)
  t.same([await isOpen(), await erased()], [true, false])
  t.match(await buyer(), { delivery: { line1: '12 St James Square' } })
  await move(expire)
  t.same([await isOpen(), await erased()], [false, true])
  t.match(await buyer(), nobody, 'the country stays, by which it was taxed')
  t.same(await erased(), true, 'and again')
})

t.test('money that comes for it then revives nothing, and goes back', async (t) => {
  const { deps, files, move, erased, release, lateMoney, id, stock, payments } = await open(t)
  await move(confirm)
  await move(expire)
  await release()
  t.ok(await erased())
  await lateMoney()
  t.match((await files.find(id))?.order, { status: 'expired', paymentStatus: 'paid', reviving: undefined })
  t.same(await files.toRevive(now, now, 10), [], 'and no sweep looks at it again')
  await reviveOrders(deps)([{ orderId: id, trace }])
  t.match((await files.find(id))?.order, { status: 'expired', reviving: undefined, holdNo: 1 })
  t.same([stock.holds, payments.reopened], [[], []], 'the gate stays closed, so the payments give it back')
})

t.test('one that was revived before keeps its buyer until it is shipped and has its receipt', async (t) => {
  const { sql, move, erased, release, lateMoney, buyer } = await open(t)
  await move(confirm)
  await move(expire)
  await release()
  await lateMoney()
  t.notOk(await erased())
  t.match(await buyer(), { delivery: { line1: '12 St James Square' } })
  await sql.$executeRawUnsafe(`update orders.orders set status = 'shipped'`)
  t.notOk(await erased(), 'its receipt names the buyer')
  await sql.$executeRawUnsafe('update orders.orders set has_receipt = true')
  t.ok(await erased())
  t.match(await buyer(), nobody)
})
