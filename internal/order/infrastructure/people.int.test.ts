import t, { type Test } from 'tap'
import { releaseUnneeded } from '../application/release-canceled-orders.ts'
import { reviveOrders, reviveWithLateMoney } from '../application/revive-orders.ts'
import { buy } from '../domain/buy.ts'
import { cancel, confirm, expire, type OrderChange } from '../domain/order.ts'
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
      deps.payments.money.set(id, { ...sums, gateVersion: 1, attempt: 'none', flags: [] })
      return reviveWithLateMoney(deps)([{ orderId: id, gateVersion: 1, trace }])
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

t.test('what they wrote goes too, and all else of the order stays', async (t) => {
  const { sql, files, orders, move, erased, id } = await open(t)
  await move(confirm)
  const engraved = `{"for":"Ann"}`
  await sql.$executeRawUnsafe(
    `update orders.orders set terms = jsonb_set(terms, '{lines,0,attributes}', to_jsonb($1::text))`,
    engraved,
  )
  await orders.update([{ id, trace, decide: (seen) => cancel(seen, 'Ann is ill', now) }])
  await sql.$executeRawUnsafe('update orders.orders set awaiting_release = false, awaiting_cart = false')
  await sql.$executeRawUnsafe(
    `with made as (
       insert into orders.returns (id, order_id, return_no, status, version, history, awaiting_stock, created_at, updated_at)
       select uuidv7(), id, 1, 'closed', 1, '[]', false, now(), now() from orders.orders returning id
     ) insert into orders.return_lines (return_id, line_no, quantity, reason) select id, 1, 1, 'Ann was unhappy' from made`,
  )
  const before = (await files.find(id))!
  t.match(before.order.terms, { lines: [{ attributes: engraved }] })
  t.ok(await erased())
  const after = (await files.find(id))!
  t.same(after.order.history, before.order.history.map((step) => ({ ...step, reason: '' }))) // prettier-ignore
  t.match(after.order.terms, { lines: [{ ...before.order.terms!.lines[0], attributes: '' }] })
  t.match(after, { returns: [{ lines: [{ reason: '', quantity: 1 }] }] })
  t.ok(after.order.revision > before.order.revision)
  t.ok(await erased(), 'and again')
  t.equal((await files.find(id))?.order.revision, after.order.revision)
  await sql.$executeRawUnsafe(`update orders.orders set history = jsonb_set(history, '{0,reason}', '"Ann"')`)
  t.ok(await erased(), 'what was written since')
  t.same((await files.find(id))?.order.history, after.order.history)
})
