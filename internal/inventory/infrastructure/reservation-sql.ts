import type { Sql } from '../../platform/database.ts'
import { insertOutboxSql, outboxParameter, type OutboxEvent } from '../../platform/outbox.ts'
import type { Shortage, StockLine } from '../domain/allocate.ts'
import type { OrderId, ProductId } from '../domain/ids.ts'
import type { ReservationStatus } from '../domain/reservation.ts'

// The statements of the hot path. Locks are taken in one order everywhere: reservations by order id, then stock by
// product id. Parameters are whole columns (`unnest`), so a batch costs as many round trips as a single order.

/** `claimed` is evaluated before the first stock row is locked, because the rows to be locked depend on its count. */
const claimSql = `
  with claimed as (
    insert into inventory.reservations (order_id, status, created_at, updated_at)
    select order_id, 'held', $3::timestamptz, $3::timestamptz from unnest($1::uuid[]) as asked (order_id)
    on conflict do nothing
    returning order_id
  ), locked as (
    select product_id, available from inventory.stock
    where product_id = any ($2::uuid[]) and (select count(*) from claimed) > 0
    order by product_id
    for update
  )
  select
    (select coalesce(json_agg(order_id), '[]') from claimed having count(*) < cardinality($1::uuid[])) as claimed,
    (select json_agg(json_build_array(product_id, available)) from locked) as stock`

export type Claim = {
  readonly claimed: ReadonlySet<OrderId>
  readonly available: ReadonlyMap<ProductId, number>
}

/** Claims the orders that nobody has decided yet and locks the stock for them. Both lists in ascending order. */
export async function claim(
  tx: Sql,
  ids: readonly OrderId[],
  products: readonly ProductId[],
  at: Date,
): Promise<Claim> {
  // `claimed` is null when it is all of them, as nearly always.
  type Row = { claimed: OrderId[] | null; stock: [ProductId, number][] | null }
  const [row] = await tx.$queryRawUnsafe<Row[]>(claimSql, ids, products, at)
  return { claimed: new Set(row?.claimed ?? ids), available: new Map(row?.stock) }
}

export type StoredAnswer = {
  readonly orderId: OrderId
  readonly status: ReservationStatus
  readonly shortages: readonly Shortage[] | null
}

/** A statement of its own: what the claim has waited for is not in the claim's snapshot. */
export async function readAnswers(tx: Sql, ids: readonly OrderId[]): Promise<readonly StoredAnswer[]> {
  return tx.$queryRawUnsafe<StoredAnswer[]>(
    `select order_id as "orderId", status, shortages from inventory.reservations where order_id = any ($1::uuid[])`,
    ids,
  )
}

const storeDecisionsSql = `
  with taken as (
    update inventory.stock set available = after.available
    from unnest($1::uuid[], $2::int[]) as after (product_id, available)
    where stock.product_id = after.product_id
  ), ledger as (
    insert into inventory.stock_movements (order_id, product_id, quantity, kind, at)
    select order_id, product_id, -quantity, 'reserve', $6::timestamptz
    from unnest($3::uuid[], $4::uuid[], $5::int[]) as line (order_id, product_id, quantity)
  ), rejected as (
    update inventory.reservations set status = 'rejected', shortages = no.shortages
    from jsonb_to_recordset($7::jsonb) as no ("orderId" uuid, shortages jsonb)
    where reservations.order_id = no."orderId"
  ), undecided as (
    delete from inventory.reservations where order_id = any ($8::uuid[])
  ) ${insertOutboxSql('$9')}`

export type HeldLine = StockLine & { readonly orderId: OrderId }

export type Rejected = { readonly orderId: OrderId; readonly shortages: readonly Shortage[] }

export type Decided = {
  readonly stock: readonly (readonly [ProductId, number])[]
  readonly held: readonly HeldLine[]
  readonly rejected: readonly Rejected[]
  /** Claims that are given up again. */
  readonly undecided: readonly OrderId[]
  readonly events: readonly OutboxEvent[]
}

export async function storeDecisions(tx: Sql, decided: Decided, at: Date): Promise<void> {
  const { stock, held, rejected, undecided, events } = decided
  await tx.$executeRawUnsafe(
    storeDecisionsSql,
    stock.map(([productId]) => productId),
    stock.map(([, available]) => available),
    held.map((line) => line.orderId),
    held.map((line) => line.productId),
    held.map((line) => line.quantity),
    at,
    JSON.stringify(rejected),
    undecided,
    outboxParameter(events),
  )
}

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
  ) ${insertOutboxSql('$6')}`

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
    outboxParameter(events),
  )
}
