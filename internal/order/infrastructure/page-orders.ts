import type { Sql } from '../../platform/database.ts'
import { lowestUuidAt } from '../../platform/uuid.ts'
import type { OrderFilter, Orders } from '../application/orders.ts'
import type { Order } from '../domain/order.ts'
import type { KeptOrders } from './kept-orders.ts'
import { fromRow, selectOrders } from './order-rows.ts'

/** Lines that are read for a page at most, for they may be far more than one answer has room for. */
const maxLinesOfPage = 2_000

/** Sorts by id, newest first, because ids are in the order of time. */
export async function pageOrders(
  sql: Sql,
  kept: KeptOrders,
  filter: OrderFilter,
): ReturnType<Orders['page']> {
  const { userId, after, limit, ...others } = filter
  const isPlain = Object.values(others).every((value) => value === undefined)
  const found =
    userId !== undefined && isPlain
      ? await kept.ofUser(userId, after, limit + 1)
      : await findOrders(sql, filter)
  let lines = 0
  const fitting = found.findIndex((order) => (lines += order.lines.length) > maxLinesOfPage)
  const orders = found.slice(0, Math.min(limit, fitting < 0 ? found.length : Math.max(1, fitting)))
  return { orders, next: orders.length < found.length ? orders.at(-1)?.id : undefined }
}

async function findOrders(sql: Sql, filter: OrderFilter): Promise<readonly Order[]> {
  const values: unknown[] = []
  const conditions = ['true']
  const add = (condition: string, value: unknown): void => {
    if (value === undefined) return
    values.push(value)
    conditions.push(condition.replace('?', `$${values.length}`))
  }
  add('o.user_id = ?::uuid', filter.userId)
  add('o.status = ?', filter.status)
  add('o.fulfilment_status = ?', filter.fulfilmentStatus)
  add('o.return_status = ?', filter.returnStatus)
  add('o.payment_status = ?', filter.paymentStatus)
  // Ids are in the order of time.
  add('o.id >= ?::uuid', filter.from && lowestUuidAt(filter.from))
  add('o.id < ?::uuid', filter.to && lowestUuidAt(filter.to))
  add(`o.buyer ->> 'email' = lower(?) and o.buyer ->> 'email' <> ''`, filter.email)
  add('o.id < ?::uuid', filter.after)
  values.push(filter.limit + 1)
  const where = `${conditions.join(' and ')} order by o.id desc limit $${values.length}`
  return (await selectOrders(sql, where, ...values)).map(fromRow)
}
