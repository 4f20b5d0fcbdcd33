import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { claimOrders } from '../application/claim-orders.ts'
import { buy } from '../domain/buy.ts'
import type { Order, UserId } from '../domain/order.ts'
import { fakePayments } from '../testing/fake-payments.ts'
import { customer, newUserId, now, trace } from '../testing/fixtures.ts'
import { openOrderDatabase } from '../testing/order-database.ts'
import { purchase } from '../testing/purchases.ts'
import { guestOrders } from './guest-orders.ts'
import { postgresCheckouts } from './postgres-checkouts.ts'
import { prismaOrders } from './prisma-orders.ts'
import { rememberOrders } from './remembered-orders.ts'

t.test('orders of guests become those of the account with their address, and no others', async (t) => {
  const { sql, db } = await openOrderDatabase(t)
  const [wake, remembered, payments] = [(): void => undefined, rememberOrders(), fakePayments()]
  const orders = prismaOrders(db, sql, wake, remembered)
  const checkouts = postgresCheckouts({ sql, wakeProducer: wake, remembered })
  const claim = claimOrders({ guestOrders: guestOrders(sql), payments })
  const bought = async (email: string, userId?: UserId): Promise<Order> => {
    const wanted = purchase()
    const as = { ...wanted, userId, buyer: { ...wanted.buyer, email } }
    return (await checkouts.add(buy(as, now), trace, undefined))!.order
  }
  const email = `ada-${newId()}@example.com`
  const [me, other] = [newUserId(), newUserId()]
  const [mine, theirs, foreign] = [
    await bought(email),
    await bought(email, other),
    await bought('x@example.com'),
  ]
  const page = async () =>
    (await orders.page({ userId: me, status: undefined, after: undefined, limit: 10 })).orders
  t.same(await page(), [])
  t.equal(await claim(email.toUpperCase(), customer(me)), 1)
  t.equal(await claim(email, customer(me)), 0)
  t.equal(await claim('', customer(me)), 0)
  t.same([...payments.takenOver], [[mine.id, me]])
  t.match(await page(), [{ id: mine.id, userId: me, revision: mine.revision + 1 }])
  t.match(await orders.find(theirs.id), { userId: other })
  t.match(await orders.find(foreign.id), { userId: undefined })
  await t.rejects(claim(email, { ...customer(me), actor: undefined }), { code: 'auth.required' })
})
