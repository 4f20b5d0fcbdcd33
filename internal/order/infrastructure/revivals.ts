import type { PoolSql } from '../../platform/pool-sql.ts'
import type { OrderFiles } from '../application/order-files.ts'
import type { OrderId } from '../domain/order.ts'

/** The domain decides again, on the locked row. Each end of an order is tried once, so the number of holds tells. */
const toReviveSql = `
  (select id from orders.orders where reviving_since < $1 order by reviving_since limit $3)
  union all
  (select id from orders.orders
   where status = 'expired' and payment_status in ('authorized', 'paid', 'overpaid') and reviving_since is null
     and updated_at > $2 and not awaiting_release and not awaiting_cart
     and hold_no <= (select count(*) from jsonb_array_elements(history) as h where h ->> 'status' = 'expired')
     and not exists (select from orders.order_lines l where l.order_id = orders.id and l.packed > 0)
     and coalesce(buyer #>> '{delivery,line1}', 'of lines alone') <> ''
   order by updated_at limit $3)`

const dayMs = 24 * 60 * 60_000

export function revivals(sql: PoolSql): Pick<OrderFiles, 'toRevive'> {
  return {
    async toRevive(before, at, limit) {
      const since = new Date(at.getTime() - dayMs)
      const rows = await sql.$queryRawUnsafe<{ readonly id: OrderId }[]>(toReviveSql, before, since, limit)
      return rows.map(({ id }) => id)
    },
  }
}
