import type { Sql } from '../../platform/database.ts'
import type { GuestOrders } from '../application/claim-orders.ts'
import type { OrderId } from '../domain/order.ts'

/** The orders of one transaction, and of one call to the payments. */
const atOnce = 500

/** An index has them by their address. */
const boughtSql = `
  select id from orders.orders
  where buyer ->> 'email' = lower($1) and buyer ->> 'email' <> '' and user_id is null
  order by id limit ${atOnce}`

/** The revision rises, because pages of orders that were read before are kept by it. */
const giveSql = `
  with theirs as (
    select id from orders.orders where id = any($2::uuid[]) and user_id is null order by id for update
  )
  update orders.orders o set user_id = $1::uuid, revision = revision + 1 from theirs t where o.id = t.id`

export const guestOrders = (sql: Sql): GuestOrders => ({
  boughtAs: async (email) =>
    (await sql.$queryRawUnsafe<readonly { readonly id: OrderId }[]>(boughtSql, email)).map(({ id }) => id),
  giveTo: (userId, ids) => sql.$executeRawUnsafe(giveSql, userId, ids),
})
