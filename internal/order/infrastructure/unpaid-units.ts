import type { Sql } from '../../platform/database.ts'
import type { Refusal } from '../../platform/refusal.ts'
import { unitsOf, tooManyUnpaid } from '../domain/unpaid.ts'
import type { Order } from '../domain/order.ts'

/**
 * For each new order, in their order, the refusal of one that would take its account beyond the bound. Orders of one
 * account wait for each other, on whichever replica: the lock is held until the transaction ends.
 */
export async function refuseUnpaid(
  tx: Sql,
  orders: readonly Order[],
  maxUnits: number,
): Promise<readonly (Refusal | undefined)[]> {
  const users = [...new Set(orders.map(ownerOf))].sort()
  await tx.$queryRawUnsafe(
    `select count(pg_advisory_xact_lock(hashtextextended('unpaid ' || id, 0)))
     from (select unnest($1::text[]) as id order by 1) as users`,
    users,
  )
  // A statement of its own: what the lock has waited for is not in the snapshot of the one before.
  const rows = await tx.$queryRawUnsafe<{ readonly user: string; readonly units: number }[]>(
    `select o.user_id as user, sum(l.quantity - l.canceled)::int as units
     from orders.orders o join orders.order_lines l on l.order_id = o.id
     where o.user_id = any($1::uuid[]) and o.status in ('pending', 'confirmed')
     group by o.user_id`,
    users,
  )
  const open = new Map<string, number>(rows.map(({ user, units }) => [user, units]))
  return orders.map((order) => {
    const units = open.get(ownerOf(order)) ?? 0
    if (units + unitsOf(order) > maxUnits) return tooManyUnpaid(units, maxUnits)
    open.set(ownerOf(order), units + unitsOf(order))
    return undefined
  })
}

function ownerOf({ id, userId }: Order): string {
  if (!userId) throw new Error(`order ${id} is of no account`)
  return userId
}
