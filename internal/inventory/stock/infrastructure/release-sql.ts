import type { Sql } from '../../../platform/database.ts'
import { outboxCtes, outboxParameters, type OutboxEvent } from '../../../platform/outbox.ts'
import type { OrderId } from '../../domain/ids.ts'
import type { HeldLine, StoredAnswer } from './reservation-sql.ts'

// The release's statements; the order of locks is that of reservation-sql.ts.

/** Tombstones for orders that nobody has decided yet; the ids (ascending) of which there were none. */
export async function buryAbsent(tx: Sql, ids: readonly OrderId[], at: Date): Promise<ReadonlySet<OrderId>> {
  const rows = await tx.$queryRawUnsafe<{ orderId: OrderId }[]>(
    `insert into inventory.reservations (order_id, status, created_at, updated_at)
     select order_id, 'released', $2::timestamptz, $2::timestamptz from unnest($1::uuid[]) as asked (order_id)
     on conflict do nothing
     returning order_id as "orderId"`,
    ids,
    at,
  )
  return new Set(rows.map((row) => row.orderId))
}

export type LockedReservation = StoredAnswer & { readonly version: number }

export async function lockReservations(
  tx: Sql,
  ids: readonly OrderId[],
): Promise<readonly LockedReservation[]> {
  return tx.$queryRawUnsafe<LockedReservation[]>(
    `select order_id as "orderId", status, shortages, version from inventory.reservations
     where order_id = any ($1::uuid[]) order by order_id for update`,
    ids,
  )
}

/** What is held for the orders; locks the stock that it goes back to. */
export async function lockHeldLines(tx: Sql, ids: readonly OrderId[]): Promise<readonly HeldLine[]> {
  return tx.$queryRawUnsafe<HeldLine[]>(
    `select line.order_id as "orderId", line.product_id as "productId", -line.quantity as quantity
     from inventory.stock_movements line join inventory.stock using (product_id)
     where line.order_id = any ($1::uuid[]) and line.kind = 'reserve'
     order by stock.product_id for update of stock`,
    ids,
  )
}

const storeReleasesSql = `
  with returned as (
    update inventory.stock set available = stock.available + back.quantity
    from (
      select product_id, sum(quantity)::int as quantity
      from unnest($2::uuid[], $3::int[]) as line (product_id, quantity) group by product_id
    ) back
    where stock.product_id = back.product_id
  ), ledger as (
    insert into inventory.stock_movements (order_id, product_id, quantity, kind, at)
    select order_id, product_id, quantity, 'release', $4::timestamptz
    from unnest($1::uuid[], $2::uuid[], $3::int[]) as line (order_id, product_id, quantity)
  ), released as (
    update inventory.reservations set status = 'released', version = version + 1, updated_at = $4::timestamptz
    where order_id = any ($5::uuid[])
  ), ${outboxCtes(6)} select 1`

export type Released = {
  readonly lines: readonly HeldLine[]
  readonly orderIds: readonly OrderId[]
  readonly events: readonly OutboxEvent[]
}

export async function storeReleases(tx: Sql, released: Released, at: Date): Promise<void> {
  const { lines, orderIds, events } = released
  await tx.$executeRawUnsafe(
    storeReleasesSql,
    lines.map((line) => line.orderId),
    lines.map((line) => line.productId),
    lines.map((line) => line.quantity),
    at,
    orderIds,
    ...outboxParameters(events),
  )
}
