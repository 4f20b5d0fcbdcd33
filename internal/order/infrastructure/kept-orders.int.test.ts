import t, { type Test } from 'tap'
import type { Sql } from '../../platform/database.ts'
import { confirm, type OrderId } from '../domain/order.ts'
import { newUserId, now, placed, trace } from '../testing/fixtures.ts'
import { openOrderDatabase } from '../testing/order-database.ts'
import { keepOrders } from './kept-orders.ts'
import { prismaOrders } from './prisma-orders.ts'
import { rememberOrders } from './remembered-orders.ts'

/** Pages are read here, and orders are placed and changed by another process. */
async function open(t: Test) {
  const { sql, db } = await openOrderDatabase(t)
  const others = prismaOrders(db, sql, () => undefined, rememberOrders())
  let statements = 0
  const counted: Sql = {
    ...sql,
    $queryRawUnsafe: (text, ...values) => {
      statements++
      return sql.$queryRawUnsafe(text, ...values)
    },
  }
  const kept = keepOrders(counted)
  return {
    ...{ kept, sql },
    /** How many statements the work takes. */
    cost: async (work: () => Promise<unknown>) => {
      const before = statements
      await work()
      return statements - before
    },
    place: async (userId = newUserId()) => (await others.add(placed({ userId }), undefined, trace)).order,
    confirm: (id: OrderId) => others.update([{ id, trace, decide: (seen) => confirm(seen, now) }]),
  }
}

t.test('a page that has not changed is the same object, for one statement', async (t) => {
  const { kept, place, cost } = await open(t)
  const { userId } = await place()
  const read = () => kept.page(userId ?? '', undefined, 9)
  const first = await read()
  t.equal(first.orders.length, 1)
  t.equal(await read(), first)
  t.equal(await cost(read), 1)
  t.equal(await cost(() => Promise.all([1, 2, 3, 4].map(read))), 1, 'those who ask together ask once')
  t.not(await kept.page(userId ?? '', undefined, 8), first, 'another length is another page')
})

t.test('what another process has changed is seen at once, and only that is read again', async (t) => {
  const { kept, place, confirm, cost } = await open(t)
  const userId = newUserId()
  const [older, newer] = [await place(userId), await place(userId)]
  const statuses = async () => (await kept.page(userId, undefined, 9)).orders.map(({ status }) => status)
  t.same(await statuses(), ['pending', 'pending'])
  const untouched = (await kept.page(userId, undefined, 9)).orders[0]
  await confirm(older.id)
  t.equal(await cost(statuses), 2)
  t.same(await statuses(), ['pending', 'confirmed'])
  t.equal((await kept.page(userId, undefined, 9)).orders[0], untouched, 'it was kept')
  await confirm(newer.id)
  t.same(await statuses(), ['confirmed', 'confirmed'])
})

t.test('a change that leaves the time of an order alone is seen by its revision', async (t) => {
  const { kept, place, sql } = await open(t)
  const { id, userId } = await place()
  const packed = async () => (await kept.page(userId ?? '', undefined, 9)).orders[0]?.lines[0]?.packed
  t.equal(await packed(), 0)
  await sql.$executeRawUnsafe(`update orders.order_lines set packed = 1 where order_id = $1::uuid`, id)
  await sql.$executeRawUnsafe('update orders.orders set revision = revision + 1 where id = $1::uuid', id)
  t.equal(await packed(), 1)
})

t.test('a new order is on the page at once, also when the page is full', async (t) => {
  const { kept, place } = await open(t)
  const userId = newUserId()
  const first = await place(userId)
  const idsOf = async (limit: number, after?: string) =>
    (await kept.page(userId, after, limit)).orders.map(({ id }) => id)
  t.same(await idsOf(1), [first.id])
  t.same(await idsOf(9), [first.id])
  const second = await place(userId)
  t.same(await idsOf(1), [second.id])
  t.same(await idsOf(9), [second.id, first.id])
  t.same(await idsOf(9, second.id), [first.id], 'behind an order')
  t.equal((await kept.page(userId, undefined, 1)).next, second.id)
})

t.test('pages of several people that are asked for together are not mixed up', async (t) => {
  const { kept, place, confirm } = await open(t)
  const orders = await Promise.all(Array.from({ length: 8 }, () => place()))
  const nobody = newUserId()
  const read = () =>
    Promise.all(
      [...orders.map(({ userId }) => userId ?? ''), nobody].map((id) => kept.page(id, undefined, 9)),
    )
  const expected = [...orders.map(({ id }) => [id]), []]
  for (let turn = 0; turn < 2; turn++) {
    const pages = await read()
    t.same(
      pages.map((page) => page.orders.map(({ id }) => id)),
      expected,
    )
  }
  // Of some there is news, of others there is none.
  for (const { id } of orders.slice(4)) await confirm(id)
  const pages = await read()
  t.same(
    pages.map((page) => page.orders.map(({ id, status }) => `${id} ${status}`)),
    [...orders.map(({ id }, index) => [`${id} ${index < 4 ? 'pending' : 'confirmed'}`]), []],
  )
})
