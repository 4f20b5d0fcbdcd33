import t, { type Test } from 'tap'
import type { PoolSql } from '../../platform/pool-sql.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Orders } from '../application/orders.ts'
import type { OrderFile } from '../domain/order-file.ts'
import { confirm } from '../domain/order.ts'
import { pack } from '../domain/shipment.ts'
import { newUserId, now, parcel, placed, trace, units } from '../testing/fixtures.ts'
import { openOrderDatabase } from '../testing/order-database.ts'
import { postgresOrderFiles } from './postgres-order-files.ts'
import { prismaOrders } from './prisma-orders.ts'
import { rememberOrders } from './remembered-orders.ts'

// Two at once, each of whom has read what there was before the other one, whatever the machine's speed.

/** The stores of two processes. */
async function openReplicas(t: Test, maxUnpaidUnits?: number) {
  const { sql, db } = await openOrderDatabase(t)
  const nobody = (): void => undefined
  const open = () => prismaOrders(db, sql, nobody, rememberOrders(), maxUnpaidUnits)
  return { sql, orders: open(), others: open(), files: postgresOrderFiles(sql, nobody, () => now) }
}

/** For a lock, so that what they have read before is what there was before. */
const twoWait = (sql: PoolSql): Promise<unknown> =>
  eventually('two wait', async () => {
    const [row] = await sql.$queryRawUnsafe<{ readonly waiting: number }[]>(
      `select count(*)::int as waiting from pg_stat_activity
       where wait_event_type = 'Lock' and datname = current_database()`,
    )
    return row?.waiting === 2
  })

t.test('two replicas together let an account have no more unpaid units than one', async (t) => {
  const { sql, orders, others } = await openReplicas(t, 10)
  const userId = newUserId()
  const add = (store: Orders) => store.add(placed({ userId }), undefined, trace)
  for (let n = 0; n < 2; n++) await add(orders)
  const { adds } = await sql.transaction(async (tx) => {
    await tx.$queryRawUnsafe('lock table orders.orders in share mode')
    const adds = [orders, others].map(add)
    await twoWait(sql)
    return { adds }
  })
  const results = await Promise.allSettled(adds)
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1, 'there is room for one')
})

t.test('who packs the last unit after somebody else is told so', async (t) => {
  const { sql, orders, files } = await openReplicas(t)
  const { order } = await orders.add(placed({ userId: newUserId() }), undefined, trace)
  const { id } = order
  await orders.update([{ id, trace, decide: (seen) => confirm(seen, now) }])
  const file = await files.find(id)
  const wanted = units(file!, ...order.lines.map(({ quantity }) => quantity))
  const { packs } = await sql.transaction(async (tx) => {
    await tx.$queryRawUnsafe('select from orders.orders where id = $1::uuid for update', id)
    const decide = (before: OrderFile) => pack(before, parcel(wanted), now)
    const packs = [1, 2].map(() => files.update({ id, trace, decide }))
    await twoWait(sql)
    return { packs }
  })
  const refused = (await Promise.allSettled(packs)).filter(({ status }) => status === 'rejected')
  t.match(refused, [{ reason: { code: 'shipment.exceeds-order' } }])
})
