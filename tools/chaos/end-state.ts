import { withClient } from '../shared/database.ts'
import { readBought, type Bought } from './end-buying.ts'
import { readBooks, type Books } from './end-money.ts'

/** What is stored at the end, read directly from the database. */
export type EndState = Books &
  Bought & {
    readonly orders: readonly EndOrder[]
    readonly adjustments: readonly {
      readonly product: string
      readonly key: string
      readonly quantity: number
    }[]
    readonly available: ReadonlyMap<string, number>
  }

export type EndOrder = {
  readonly id: string
  readonly key: string | undefined
  /** Null for a guest's. */
  readonly user: string | null
  readonly status: string
  readonly paymentStatus: string
  /** The total in units of the currency, as in the REST API. */
  readonly total: number
  readonly items: readonly { readonly productId: string; readonly quantity: number }[]
  /** Units that were not there when a parcel was packed. A receipt that is issued later leaves them out. */
  readonly shortUnits: number
  /** The statuses of the order, oldest first. */
  readonly history: readonly string[]
}

const ordersSql = `
  select o.id, o.idempotency_key as key, o.user_id as "user", o.status, o.payment_status as "paymentStatus",
    o.total_minor::float8 / 100 as total,
    array(select jsonb_array_elements(o.history) ->> 'status') as history,
    (select coalesce(json_agg(json_build_object('productId', l.product_id, 'quantity', l.quantity)), '[]')
      from orders.order_lines l where l.order_id = o.id) as items,
    (select coalesce(sum(l.canceled), 0)::int from orders.order_lines l where l.order_id = o.id) as "shortUnits"
  from orders.orders o`

/** The ledger has only a digest of an adjustment's key. The reason says which one it was. */
export const reasonWith = (key: string): string => `counted (${key})`

/** A payment keeps the address to which its customer comes back. It says which request has begun it. */
export const returnUrlWith = (key: string): string => `http://127.0.0.1:9/back?key=${key}`

/** Reads each from its own table: the orders, the adjustments in the ledger, and the units that are left in stock. */
export async function readEndState(databaseUrl: string): Promise<EndState> {
  return withClient(databaseUrl, async (client) => {
    const orders = await client.query<Omit<EndOrder, 'key'> & { key: string | null }>(ordersSql)
    const adjustments = await client.query<EndState['adjustments'][number]>(
      `select product_id as product, substring(reason from '^counted \\((.*)\\)$') as key, quantity
       from inventory.stock_movements where idempotency_key is not null`,
    )
    const stock = await client.query<{ id: string; available: number }>(
      'select product_id as id, available from inventory.stock',
    )
    return {
      ...(await readBooks(client)),
      ...(await readBought(client)),
      orders: orders.rows.map((order) => ({ ...order, key: order.key ?? undefined })),
      adjustments: adjustments.rows,
      available: new Map(stock.rows.map(({ id, available }) => [id, available])),
    }
  })
}
