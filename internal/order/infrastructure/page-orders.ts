import type { Sql } from '../../platform/database.ts'
import { lowestUuidAt } from '../../platform/uuid.ts'
import type { OrderFilter, OrderPage } from '../application/orders.ts'
import type { Order } from '../domain/order.ts'
import { cutPage } from './cut-page.ts'
import type { KeptOrders } from './kept-orders.ts'
import { fromRow, selectOrders } from './order-rows.ts'

/** Sorts by id, newest first, because ids are in the order of time. */
export async function pageOrders(sql: Sql, kept: KeptOrders, filter: OrderFilter): Promise<OrderPage> {
  const { userId, after, limit, ...others } = filter
  const isPlain = Object.values(others).every((value) => value === undefined)
  return userId !== undefined && isPlain
    ? kept.page(userId, after, limit)
    : cutPage(await findOrders(sql, filter), limit)
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
  add(`? = any(o.flags) and o.flags <> '{}'`, filter.flag)
  // Ids are in the order of time.
  add('o.id >= ?::uuid', filter.from && lowestUuidAt(filter.from))
  add('o.id < ?::uuid', filter.to && lowestUuidAt(filter.to))
  add(`o.buyer ->> 'email' = lower(?) and o.buyer ->> 'email' <> ''`, filter.email)
  // An index has only those of this status.
  add(`o.hold_until < ?::timestamptz and o.status = 'confirmed'`, filter.holdEndsBefore)
  add('o.id < ?::uuid', filter.after)
  values.push(filter.limit + 1)
  const where = `${conditions.join(' and ')} order by o.id desc limit $${values.length}`
  return (await selectOrders(sql, where, ...values)).map(fromRow)
}
