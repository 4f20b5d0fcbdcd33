import type { Sql } from '../../platform/database.ts'
import { outboxColumnCount, outboxCtes, outboxParameters, type OutboxEvent } from '../../platform/outbox.ts'
import { bareColumn, jsonArray, textColumn } from '../../platform/sql-columns.ts'
import type { Order, OrderId } from '../domain/order.ts'
import { buyerJson, firstPaymentJson, termsJson } from './checkout-row.ts'
import { lineColumns, newOrderColumns } from './order-columns.ts'

const firstOfOutbox = 20
const own = firstOfOutbox + outboxColumnCount

/** The first with a version of a cart has it; a second order of it is not stored. One statement for a whole batch. */
const insertCheckoutsSql = `
  with wanted as (
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::int[],
        ${jsonArray(7)}::jsonb[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::text[], $12::timestamptz[],
        $${own}::uuid[], $${own + 1}::int[], ${jsonArray(own + 2)}::jsonb[], ${jsonArray(own + 3)}::jsonb[],
        $${own + 4}::text[], $${own + 5}::text[])
      as w(id, user_id, status, total_minor, currency, version, history, created_at, updated_at, idempotency_key,
        request_digest, hold_until, cart_id, cart_version, terms, buyer, first_payment, payment_status)
  ), claimed as (
    insert into orders.checkouts (cart_id, cart_version, order_id)
    select cart_id, cart_version, id from wanted order by cart_id on conflict do nothing
    returning order_id
  ), added as (
    insert into orders.orders (id, user_id, status, total_minor, currency, version, history, created_at, updated_at,
      hold_until, cart_id, terms, buyer, first_payment, payment_status)
    select id, user_id, status, total_minor, currency, version, history, created_at, updated_at, hold_until, cart_id,
      terms, buyer, first_payment::jsonb, payment_status
    from wanted where id in (select order_id from claimed)
    returning id
  ), lines as (
    insert into orders.order_lines (order_id, line_no, product_id, sku, name, quantity, unit_price_minor)
    select l.* from unnest($13::uuid[], $14::smallint[], $15::uuid[], $16::text[], $17::text[], $18::int[], $19::bigint[])
      as l(order_id, line_no, product_id, sku, name, quantity, unit_price_minor)
    where l.order_id in (select id from added)
  ), ${outboxCtes(firstOfOutbox, 'where e.aggregate_id in (select id from added)')}
  select id from added`

/** Returns the ids that were stored. Each version of a cart stands in the batch once. */
export async function insertCheckouts(
  sql: Sql,
  orders: readonly Order[],
  events: readonly OutboxEvent[],
): Promise<ReadonlySet<OrderId>> {
  const rows = orders.map((order) => ({ order, key: undefined }))
  const added = await sql.$queryRawUnsafe<readonly { readonly id: OrderId }[]>(
    insertCheckoutsSql,
    ...newOrderColumns(rows),
    ...lineColumns(orders),
    ...outboxParameters(events),
    bareColumn(orders, ({ terms }) => terms?.cart.id ?? 'NULL'),
    bareColumn(orders, ({ terms }) => terms?.cart.version ?? 'NULL'),
    orders.map(({ terms }) => termsJson(terms)).join('\n'),
    orders.map(({ buyer }) => buyerJson(buyer)).join('\n'),
    textColumn(orders, ({ firstPayment }) => firstPaymentJson(firstPayment)),
    bareColumn(orders, ({ paymentStatus }) => paymentStatus),
  )
  return new Set(added.map(({ id }) => id))
}
