import type { Order, OrderId, OrderStatus, ProductId, UserId } from '../domain/order.ts'

/** Columns as `selectOrders` reads them; bigints inside JSON are text. */
export type OrderRow = {
  readonly id: string
  readonly user_id: string
  readonly status: string
  readonly total_minor: bigint
  readonly currency: string
  readonly version: number
  readonly history: readonly { readonly status: string; readonly at: string; readonly reason: string }[]
  readonly idempotency_key: string | null
  readonly request_digest: string | null
  readonly awaiting_release: boolean
  readonly created_at: Date
  readonly updated_at: Date
  readonly lines: readonly LineRow[]
}

type LineRow = readonly [
  productId: string,
  sku: string,
  name: string,
  quantity: number,
  unitPriceMinor: string,
]

/** Every order that `where` finds, with its lines. */
export const selectOrders = (where: string): string => `
  select o.id, o.user_id, o.idempotency_key, o.status, o.total_minor, o.currency, o.version, o.history, o.request_digest,
    o.awaiting_release, o.created_at, o.updated_at,
    (select jsonb_agg(jsonb_build_array(l.product_id, l.sku, l.name, l.quantity, l.unit_price_minor::text) order by l.line_no)
      from orders.order_lines l where l.order_id = o.id) as lines
  from orders.orders o
  where ${where}`

/** The database holds only what this service wrote, so its values are trusted. */
export function fromRow(row: OrderRow): Order {
  return {
    id: row.id as OrderId,
    userId: row.user_id as UserId,
    status: row.status as OrderStatus,
    lines: row.lines.map(([productId, sku, name, quantity, unitPriceMinor]) => ({
      productId: productId as ProductId,
      sku,
      name,
      quantity,
      unitPriceMinor: BigInt(unitPriceMinor),
    })),
    totalMinor: row.total_minor,
    currency: row.currency,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    history: row.history.map(({ status, at, reason }) => ({
      status: status as OrderStatus,
      at: new Date(at),
      reason,
    })),
    version: row.version,
    awaitingRelease: row.awaiting_release,
  }
}

/** For `insertOrdersSql` and `updateOrdersSql`, which read it with jsonb_to_recordset. */
export function toRow(order: Order) {
  return {
    id: order.id,
    user_id: order.userId,
    status: order.status,
    total_minor: String(order.totalMinor),
    currency: order.currency,
    version: order.version,
    history: order.history,
    awaiting_release: order.awaitingRelease,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
  }
}

export function toLineRows(order: Order) {
  return order.lines.map((line, index) => ({
    order_id: order.id,
    line_no: index + 1,
    product_id: line.productId,
    sku: line.sku,
    name: line.name,
    quantity: line.quantity,
    unit_price_minor: String(line.unitPriceMinor),
  }))
}
