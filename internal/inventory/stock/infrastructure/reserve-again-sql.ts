import type { Sql } from '../../../platform/database.ts'
import { outboxCtes, outboxParameters, type OutboxEvent } from '../../../platform/outbox.ts'
import { jsonArray, jsonColumn } from '../../../platform/sql-columns.ts'
import type { StockLine } from '../domain/allocate.ts'
import type { OrderId, ProductId } from '../../domain/ids.ts'
import type { Reservation } from '../domain/reservation.ts'

// The statements of later holds; the order of locks is that of reservation-sql.ts.

/** What is taken for the orders: held for them or gone with their parcels. */
export async function sumTaken(
  tx: Sql,
  ids: readonly OrderId[],
): Promise<readonly (StockLine & { readonly orderId: OrderId })[]> {
  return tx.$queryRawUnsafe(
    `select order_id as "orderId", product_id as "productId", -sum(quantity)::int as quantity
     from inventory.stock_movements where order_id = any ($1::uuid[]) and kind in ('reserve', 'release')
     group by order_id, product_id having sum(quantity) <> 0`,
    ids,
  )
}

/** In ascending order. */
export async function lockStock(
  tx: Sql,
  products: readonly ProductId[],
): Promise<ReadonlyMap<ProductId, number>> {
  const rows = await tx.$queryRawUnsafe<{ readonly productId: ProductId; readonly available: number }[]>(
    `select product_id as "productId", available from inventory.stock where product_id = any ($1::uuid[])
     order by product_id for update`,
    products,
  )
  return new Map(rows.map(({ productId, available }) => [productId, available]))
}

const storeHoldsSql = `
  with taken as (
    update inventory.stock set available = after.available
    from unnest($1::uuid[], $2::int[]) as after (product_id, available) where stock.product_id = after.product_id
  ), ledger as (
    insert into inventory.stock_movements (order_id, product_id, quantity, hold_no, kind, at)
    select line.*, 'reserve', $7::timestamptz
    from unnest($3::uuid[], $4::uuid[], $5::int[], $6::smallint[]) as line (order_id, product_id, quantity, hold_no)
  ), changed as (
    update inventory.reservations
    set status = after.status, version = after.version, hold_no = after.hold_no,
      shortages = nullif(after.shortages, 'null'), updated_at = $7::timestamptz
    from unnest($8::uuid[], $9::text[], $10::int[], $11::smallint[], ${jsonArray(12)}::jsonb[])
      as after (order_id, status, version, hold_no, shortages)
    where reservations.order_id = after.order_id
  ), ${outboxCtes(13)} select 1`

export type NewHolds = {
  readonly stock: readonly (readonly [ProductId, number])[]
  readonly reservations: readonly Reservation[]
  readonly events: readonly OutboxEvent[]
}

export async function storeHolds(
  tx: Sql,
  { stock, reservations, events }: NewHolds,
  at: Date,
): Promise<void> {
  const lines = reservations.flatMap(({ orderId, holdNo, lines: own }) =>
    own.map((line) => ({ ...line, orderId, holdNo })),
  )
  await tx.$executeRawUnsafe(
    storeHoldsSql,
    stock.map(([productId]) => productId),
    stock.map(([, available]) => available),
    lines.map(({ orderId }) => orderId),
    lines.map(({ productId }) => productId),
    lines.map(({ quantity }) => -quantity),
    lines.map(({ holdNo }) => holdNo),
    at,
    reservations.map(({ orderId }) => orderId),
    reservations.map(({ status }) => status),
    reservations.map(({ version }) => version),
    reservations.map(({ holdNo }) => holdNo),
    jsonColumn(reservations, ({ status, shortages }) => (status === 'rejected' ? shortages : null)),
    ...outboxParameters(events),
  )
}
