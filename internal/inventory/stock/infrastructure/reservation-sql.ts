import type { Sql } from '../../../platform/database.ts'
import { outboxCtes, outboxParameters, type OutboxEvent } from '../../../platform/outbox.ts'
import { bareColumn, jsonArray, jsonColumn } from '../../../platform/sql-columns.ts'
import type { Shortage, StockLine } from '../domain/allocate.ts'
import type { OrderId, ProductId } from '../../domain/ids.ts'
import type { ReservationStatus } from '../domain/reservation.ts'

// The statements of the hot path. Locks are taken in one order everywhere: reservations by order id, then stock by
// product id. Parameters are whole columns (`unnest`), so a batch costs as many round trips as a single order. Rows are named by
// `= any` even where a join says it too: then no plan, however little is known of the table, reads all of it.

/** `claimed` is evaluated before the first stock row is locked, because the rows to be locked depend on its count. */
const claimSqlOf = ({
  whenLocked,
  lockedOut,
}: {
  whenLocked: '' | 'skip locked'
  lockedOut: string
}): string => `
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
    ${whenLocked}
  )
  select
    (select coalesce(json_agg(order_id), '[]') from claimed having count(*) < cardinality($1::uuid[])) as claimed,
    (select json_agg(json_build_array(product_id, available)) from locked) as stock,
    ${lockedOut} as "lockedOut"`

/** Waits for stock rows that others have locked. */
const claimSql = claimSqlOf({ whenLocked: '', lockedOut: 'null' })

/** Leaves out the rows that others have locked, and names them: what is not there at all is another matter. */
const claimUnlockedSql = claimSqlOf({
  whenLocked: 'skip locked',
  lockedOut: `(
      select json_agg(product_id) from inventory.stock
      where product_id = any ($2::uuid[]) and not exists (select from locked where locked.product_id = stock.product_id)
    )`,
})

export type Claim = {
  readonly claimed: ReadonlySet<OrderId>
  readonly available: ReadonlyMap<ProductId, number>
  /** Products whose rows others have locked. */
  readonly lockedOut: ReadonlySet<ProductId>
}

/** Claims the orders that nobody has decided yet and locks the stock for them. Both lists in ascending order. */
export type ClaimStock = (
  tx: Sql,
  ids: readonly OrderId[],
  products: readonly ProductId[],
  at: Date,
) => Promise<Claim>

const claimBy =
  (statement: string): ClaimStock =>
  async (tx, ids, products, at) => {
    // `claimed` is null when it is all of them, as nearly always.
    type Row = {
      claimed: OrderId[] | null
      stock: [ProductId, number][] | null
      lockedOut: ProductId[] | null
    }
    const [row] = await tx.$queryRawUnsafe<Row[]>(statement, ids, products, at)
    return {
      claimed: new Set(row?.claimed ?? ids),
      available: new Map(row?.stock),
      lockedOut: new Set(row?.lockedOut),
    }
  }

export const claim = claimBy(claimSql)
export const claimUnlocked = claimBy(claimUnlockedSql)

export type StoredAnswer = {
  readonly orderId: OrderId
  readonly status: ReservationStatus
  readonly shortages: readonly Shortage[] | null
}

/** Of first holds. A statement of its own: what the claim has waited for is not in the claim's snapshot. */
export async function readAnswers(tx: Sql, ids: readonly OrderId[]): Promise<readonly StoredAnswer[]> {
  return tx.$queryRawUnsafe<StoredAnswer[]>(
    `select order_id as "orderId", case when hold_no > 1 then 'released' else status end as status, shortages
     from inventory.reservations where order_id = any ($1::uuid[])`,
    ids,
  )
}

const storeDecisionsSql = `
  with taken as (
    update inventory.stock set available = after.available
    from unnest($1::uuid[], $2::int[]) as after (product_id, available)
    where stock.product_id = after.product_id and stock.product_id = any ($1::uuid[])
  ), ledger as (
    insert into inventory.stock_movements (order_id, product_id, quantity, kind, at)
    select order_id, product_id, -quantity, 'reserve', $6::timestamptz
    from unnest($3::uuid[], $4::uuid[], $5::int[]) as line (order_id, product_id, quantity)
  ), rejected as (
    update inventory.reservations set status = 'rejected', shortages = no.shortages
    from unnest($7::uuid[], ${jsonArray(8)}::jsonb[]) as no (order_id, shortages)
    where reservations.order_id = no.order_id and reservations.order_id = any ($7::uuid[])
  ), undecided as (
    delete from inventory.reservations where order_id = any ($9::uuid[])
  ), ${outboxCtes(10)} select 1`

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
    bareColumn(stock, ([productId]) => productId),
    bareColumn(stock, ([, available]) => available),
    bareColumn(held, (line) => line.orderId),
    bareColumn(held, (line) => line.productId),
    bareColumn(held, (line) => line.quantity),
    at,
    bareColumn(rejected, ({ orderId }) => orderId),
    jsonColumn(rejected, ({ shortages }) => shortages),
    undecided,
    ...outboxParameters(events),
  )
}
