import type { Sql } from '../../platform/database.ts'
import type { Attributes } from '../domain/attributes.ts'
import type {
  Cart,
  CartId,
  CartLine,
  CartStatus,
  Delivery,
  LineId,
  OrderId,
  ProductId,
  UserId,
} from '../domain/cart.ts'
import type { StoredDelivery, StoredLine } from './cart-columns.ts'

/** A cart as JSON. */
type CartRow = {
  readonly id: string
  readonly user_id: string | null
  readonly status: string
  readonly version: number
  readonly lines: readonly StoredLine[]
  readonly delivery: StoredDelivery | null
  readonly promotion_codes: readonly string[]
  readonly order_id: string | null
  readonly locked_version: number | null
  readonly merged_into: string | null
  readonly merged_version: number | null
  readonly created_at: string
  readonly updated_at: string
}

/** Each cart is one JSON value, because the driver is slower with columns. */
const selectSql = (from: string): string => `
  select row_to_json(found) as row from ${from} cross join lateral (
    select c.id, c.user_id, c.status, c.version, c.lines, c.delivery, c.promotion_codes, c.order_id, c.locked_version,
      c.merged_into, c.merged_version, c.created_at, c.updated_at
  ) found`

export async function selectCarts(
  sql: Sql,
  where: string,
  ...values: readonly unknown[]
): Promise<readonly Cart[]> {
  return read(sql, `${selectSql('carts.carts c')} where ${where}`, values)
}

export const isLive = `status in ('active', 'locked', 'abandoned')`

/** By the ids of carts and of users: an index for each, in one statement. */
const findSql = selectSql(`(
  select * from carts.carts where id = any($1::uuid[])
  union all
  select * from carts.carts where user_id = any($2::uuid[]) and ${isLive}
) as c`)

export const findCarts = (
  sql: Sql,
  ids: readonly string[],
  users: readonly string[],
): Promise<readonly Cart[]> => read(sql, findSql, [ids, users])

async function read(sql: Sql, text: string, values: readonly unknown[]): Promise<readonly Cart[]> {
  const rows = await sql.$queryRawUnsafe<{ readonly row: CartRow }[]>(text, ...values)
  return rows.map(({ row }) => fromRow(row))
}

/** The database holds only what this service wrote, so its values are trusted. */
function fromRow(row: CartRow): Cart {
  const { order_id, locked_version, merged_into, merged_version } = row
  return {
    id: row.id as CartId,
    userId: row.user_id === null ? undefined : (row.user_id as UserId),
    status: row.status as CartStatus,
    version: row.version,
    lines: row.lines.map(lineFrom),
    delivery: row.delivery === null ? undefined : deliveryFrom(row.delivery),
    promotionCodes: row.promotion_codes,
    order: order_id === null ? undefined : { orderId: order_id as OrderId, version: locked_version ?? 0 },
    mergedInto:
      merged_into === null ? undefined : { cartId: merged_into as CartId, version: merged_version ?? 0 },
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}

// The fields are copied one by one, because each line is read several times and a rest pattern is much slower.
function lineFrom(line: StoredLine): CartLine {
  return {
    lineId: line.lineId as LineId,
    productId: line.productId as ProductId,
    quantity: line.quantity,
    attributes: line.attributes as Attributes,
    seen: {
      sku: line.sku,
      name: line.name,
      priceMinor: BigInt(line.priceMinor),
      currency: line.currency,
    },
  }
}

const deliveryFrom = ({ address, shippingMethod }: StoredDelivery): Delivery => ({
  address,
  shippingMethod: shippingMethod ?? undefined,
})
