import type { PoolSql } from '../../platform/pool-sql.ts'
import type { OrderFiles } from '../application/order-files.ts'
import type { OrderId } from '../domain/order.ts'

const uncreditedSql = `
  select order_id as id from (
    (select order_id, updated_at from orders.shipments where awaiting_money and updated_at < $1 order by updated_at limit $2)
    union all
    (select order_id, updated_at from orders.returns where money = 'due' and updated_at < $1 order by updated_at limit $2)
  ) as waiting group by order_id order by min(updated_at) limit $2`

/** Shipments and returns of which the payments have to be told. */
export function uncreditedFiles(sql: PoolSql): Pick<OrderFiles, 'uncreditedSince' | 'markCredited'> {
  return {
    async uncreditedSince(before, limit) {
      const rows = await sql.$queryRawUnsafe<{ readonly id: OrderId }[]>(uncreditedSql, before, limit)
      return rows.map(({ id }) => id)
    },
    async markCredited({ shipments, returns }) {
      await mark(sql, 'shipments', 'awaiting_money = false', shipments)
      await mark(sql, 'returns', `money = 'ordered'`, returns)
    },
  }
}

async function mark(
  sql: PoolSql,
  table: 'shipments' | 'returns',
  set: string,
  seen: readonly { readonly id: string; readonly version: number }[],
): Promise<void> {
  if (seen.length === 0) return
  await sql.$executeRawUnsafe(
    `update orders.${table} as o set ${set} from unnest($1::uuid[], $2::int[]) as s(id, version)
     where o.id = s.id and o.version = s.version`,
    seen.map(({ id }) => id),
    seen.map(({ version }) => version),
  )
}
