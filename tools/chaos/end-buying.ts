import type pg from 'pg'
import type { Item } from './history.ts'

// What is stored of carts, of what was bought through them, and of the documents about it.

/** A cart's version that somebody has checked out. */
export type EndCheckout = {
  readonly order: string
  readonly cart: string
  readonly version: number
  /** The ids of the promotions by which it was priced, and whose limits they count for. */
  readonly promotions: readonly string[]
  readonly customerKey: string
}

export type EndCart = {
  readonly id: string
  readonly user: string | null
  readonly status: string
  /** The order for which it is locked, or that was made of it. */
  readonly order: string | null
  readonly mergedInto: string | null
  readonly lines: readonly Item[]
}

export type EndRedemption = {
  readonly order: string
  readonly promotion: string
  readonly customerKey: string | null
}

export type EndDocument = {
  readonly kind: string
  readonly series: string
  readonly number: number
  readonly order: string
  readonly total: number
}

export type Bought = {
  readonly checkouts: readonly EndCheckout[]
  readonly carts: readonly EndCart[]
  readonly redemptions: readonly EndRedemption[]
  /** Receipts and credit notes. */
  readonly documents: readonly EndDocument[]
}

const checkoutsSql = `
  select id as "order", cart_id as cart, (terms -> 'cart' ->> 'version')::int as version,
    array(select jsonb_array_elements(terms -> 'promotions') ->> 'id') as promotions,
    coalesce(terms ->> 'customerKey', '') as "customerKey"
  from orders.orders where terms is not null`

const cartsSql = `
  select id, user_id as "user", status, order_id as "order", merged_into as "mergedInto", lines
  from carts.carts`

const documentsSql = `
  select kind, series, number::int, order_id as "order", total_minor::float8 as total from payments.receipts`

export async function readBought(client: pg.Client): Promise<Bought> {
  const checkouts = await client.query<EndCheckout>(checkoutsSql)
  const carts = await client.query<EndCart>(cartsSql)
  const redemptions = await client.query<EndRedemption>(
    'select order_id as "order", promotion_id as promotion, customer_key as "customerKey" from pricing.redemptions',
  )
  const documents = await client.query<EndDocument>(documentsSql)
  return {
    checkouts: checkouts.rows,
    carts: carts.rows,
    redemptions: redemptions.rows,
    documents: documents.rows,
  }
}
