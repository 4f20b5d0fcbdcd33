import type { Sql } from '../../../platform/database.ts'
import { outboxCtes, outboxParameters, type OutboxEvent } from '../../../platform/outbox.ts'
import type { OrderId, ProductId } from '../../domain/ids.ts'
import type { Reservation } from '../domain/reservation.ts'
import type { StoredAnswer } from './reservation-sql.ts'

// The statements of releases and returns; the order of locks is that of reservation-sql.ts.

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

export type LockedReservation = StoredAnswer & { readonly version: number; readonly holdNo: number }

export async function lockReservations(
  tx: Sql,
  ids: readonly OrderId[],
): Promise<readonly LockedReservation[]> {
  return tx.$queryRawUnsafe<LockedReservation[]>(
    `select order_id as "orderId", status, shortages, version, hold_no as "holdNo" from inventory.reservations
     where order_id = any ($1::uuid[]) order by order_id for update`,
    ids,
  )
}

export type TakenRow = {
  readonly orderId: OrderId
  readonly productId: ProductId
  readonly taken: number
  readonly short: number
}

/**
 * What is taken for the orders; locks the stock that it goes back to. Their ledgers don't change meanwhile, because
 * their reservations are locked.
 */
export async function lockTaken(tx: Sql, ids: readonly OrderId[]): Promise<readonly TakenRow[]> {
  return tx.$queryRawUnsafe<TakenRow[]>(
    `with moved as (
       select order_id, product_id, kind, quantity from inventory.stock_movements where order_id = any ($1::uuid[])
     ), locked as (
       select product_id from inventory.stock where product_id in (select product_id from moved)
       order by product_id for update
     )
     select order_id as "orderId", product_id as "productId",
       (-coalesce(sum(quantity) filter (where kind in ('reserve', 'release')), 0))::int as taken,
       (-coalesce(sum(quantity) filter (where kind = 'short'), 0))::int as short
     from moved where product_id in (select product_id from locked) group by order_id, product_id`,
    ids,
  )
}

/** "<order id> <return number>" of each return that was booked. */
export async function returnsBooked(tx: Sql, ids: readonly OrderId[]): Promise<Set<string>> {
  const rows = await tx.$queryRawUnsafe<{ key: string }[]>(
    `select distinct order_id || ' ' || step as key from inventory.stock_movements
     where order_id = any ($1::uuid[]) and kind = 'return'`,
    ids,
  )
  return new Set(rows.map(({ key }) => key))
}

const storeMovementsSql = `
  with returned as (
    update inventory.stock set available = stock.available + back.quantity
    from (
      select product_id, sum(quantity)::int as quantity
      from unnest($2::uuid[], $3::int[]) as line (product_id, quantity) group by product_id
    ) back
    where stock.product_id = back.product_id
  ), ledger as (
    insert into inventory.stock_movements (order_id, product_id, quantity, kind, hold_no, step, at)
    select line.*, $7::timestamptz
    from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::smallint[], $6::int[]) as line
  ), changed as (
    update inventory.reservations
    set status = after.status, version = after.version, hold_no = after.hold_no, updated_at = $7::timestamptz
    from unnest($8::uuid[], $9::text[], $10::int[], $11::smallint[]) as after (order_id, status, version, hold_no)
    where reservations.order_id = after.order_id
  ), ${outboxCtes(12)} select 1`

export type MovedLine = {
  readonly orderId: OrderId
  readonly productId: ProductId
  readonly quantity: number
  readonly kind: 'release' | 'short' | 'return' | 'write-off' | 'replace'
  readonly holdNo: number
  readonly step: number
}

export type Moved = {
  readonly lines: readonly MovedLine[]
  readonly reservations: readonly Reservation[]
  readonly events: readonly OutboxEvent[]
}

export async function storeMovements(tx: Sql, moved: Moved, at: Date): Promise<void> {
  const { lines, reservations, events } = moved
  await tx.$executeRawUnsafe(
    storeMovementsSql,
    lines.map((line) => line.orderId),
    lines.map((line) => line.productId),
    lines.map((line) => line.quantity),
    lines.map((line) => line.kind),
    lines.map((line) => line.holdNo),
    lines.map((line) => line.step),
    at,
    reservations.map(({ orderId }) => orderId),
    reservations.map(({ status }) => status),
    reservations.map(({ version }) => version),
    reservations.map(({ holdNo }) => holdNo),
    ...outboxParameters(events),
  )
}
