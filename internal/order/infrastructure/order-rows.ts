import type { Sql } from '../../platform/database.ts'
import { checkoutFrom, type CheckoutRow } from './checkout-row.ts'
import { lineIdOf } from '../domain/line-id.ts'
import type {
  Closing,
  FulfilmentStatus,
  Order,
  OrderFlag,
  OrderId,
  OrderLine,
  OrderStatus,
  PaymentStatus,
  ProductId,
  ReturnStatus,
  Reviving,
  UserId,
} from '../domain/order.ts'

/** An order as JSON, in which bigints are text. */
export type OrderRow = {
  readonly id: string
  readonly user_id: string | null
  readonly status: string
  readonly total_minor: string
  readonly currency: string
  readonly version: number
  readonly history: readonly { readonly status: string; readonly at: string; readonly reason: string }[]
  readonly idempotency_key: string | null
  readonly request_digest: string | null
  readonly awaiting_release: boolean
  readonly revision: number
  readonly fulfilment_status: string
  readonly return_status: string
  readonly payment_status: string
  readonly gate_version: number
  readonly money_taken: boolean
  readonly cart_taken: boolean
  readonly flags: readonly string[]
  readonly hold_until: string | null
  readonly closing: ClosingRow | null
  /** Null for an order of lines alone. */
  readonly checkout: CheckoutRow | null
  readonly hold_no: number
  readonly reviving: RevivingRow | null
  readonly created_at: string
  readonly updated_at: string
  readonly lines: readonly LineRow[]
}

type ClosingRow = Omit<Closing, 'since'> & { readonly since: string }
type RevivingRow = Omit<Reviving, 'since'> & { readonly since: string }

type LineRow = readonly [
  productId: string,
  sku: string,
  name: string,
  quantity: number,
  unitPriceMinor: string,
  packed: number,
  shipped: number,
  canceled: number,
  returned: number,
]

/**
 * All orders that match `where`, with their lines. Each is one JSON value, because the driver is slower with columns.
 */
export async function selectOrders(
  sql: Sql,
  where: string,
  ...values: readonly unknown[]
): Promise<readonly OrderRow[]> {
  const rows = await sql.$queryRawUnsafe<{ readonly row: OrderRow }[]>(selectOrdersSql(where), ...values)
  return rows.map(({ row }) => row)
}

/** `more` are further columns, each after a comma. */
export const selectOrdersSql = (where: string, more = ''): string => `
  select row_to_json(found) as row ${more} from orders.orders o cross join lateral (
    select o.id, o.user_id, o.idempotency_key, o.status, o.total_minor::text, o.currency, o.version, o.history,
      o.request_digest, o.awaiting_release, o.created_at, o.updated_at, o.revision, o.fulfilment_status, o.return_status,
      o.payment_status, o.gate_version, o.money_taken, o.cart_taken, o.flags, o.hold_until, o.closing, o.hold_no, o.reviving,
      case when o.terms is not null then json_build_object('terms', o.terms, 'buyer', o.buyer,
        'payment', o.first_payment, 'awaiting', o.awaiting_cart) end as checkout,
      (select json_agg(json_build_array(l.product_id, l.sku, l.name, l.quantity, l.unit_price_minor::text, l.packed,
          l.shipped, l.canceled, l.returned) order by l.line_no)
        from orders.order_lines l where l.order_id = o.id) as lines
  ) found
  where ${where}`

export async function loadOrders(sql: Sql, ids: readonly OrderId[]): Promise<ReadonlyMap<OrderId, Order>> {
  const rows = await selectOrders(sql, 'o.id = any($1::uuid[])', ids)
  return new Map(rows.map((row) => [row.id as OrderId, fromRow(row)]))
}

/** The database holds only what this service wrote, so its values are trusted. */
export function fromRow(row: OrderRow): Order {
  return {
    id: row.id as OrderId,
    userId: row.user_id === null ? undefined : (row.user_id as UserId),
    status: row.status as OrderStatus,
    lines: row.lines.map((line, index) => lineFrom(row.id as OrderId, line, index + 1)),
    totalMinor: BigInt(row.total_minor),
    currency: row.currency,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    history: row.history.map(({ status, at, reason }) => ({
      status: status as OrderStatus,
      at: new Date(at),
      reason,
    })),
    version: row.version,
    revision: row.revision,
    awaitingRelease: row.awaiting_release,
    fulfilmentStatus: row.fulfilment_status as FulfilmentStatus,
    returnStatus: row.return_status as ReturnStatus,
    paymentStatus: row.payment_status as PaymentStatus,
    gateVersion: row.gate_version,
    moneyTaken: row.money_taken,
    cartTaken: row.cart_taken,
    flags: row.flags as readonly OrderFlag[],
    holdUntil: row.hold_until === null ? undefined : new Date(row.hold_until),
    closing: row.closing ? { ...row.closing, since: new Date(row.closing.since) } : undefined,
    ...(row.checkout ? checkoutFrom(row.checkout) : ofLinesAlone),
    holdNo: row.hold_no,
    reviving: row.reviving ? { ...row.reviving, since: new Date(row.reviving.since) } : undefined,
  }
}

const ofLinesAlone = {
  ...{ terms: undefined, buyer: undefined, firstPayment: undefined, awaitingCart: false },
}

function lineFrom(orderId: OrderId, row: LineRow, lineNo: number): OrderLine {
  const [productId, sku, name, quantity, unitPriceMinor, packed, shipped, canceled, returned] = row
  return {
    id: lineIdOf(orderId, lineNo),
    productId: productId as ProductId,
    sku,
    name,
    quantity,
    unitPriceMinor: BigInt(unitPriceMinor),
    packed,
    shipped,
    canceled,
    returned,
  }
}
