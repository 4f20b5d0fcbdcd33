import type { Sql } from '../../platform/database.ts'
import { jsonArray } from '../../platform/sql-columns.ts'
import { outboxCtes, outboxParameters, type OutboxEvent } from '../../platform/outbox.ts'
import type { Order, OrderChange, OrderId } from '../domain/order.ts'
import type { IdempotencyKey } from '../application/orders.ts'
import { changeColumns, lineColumns, newOrderColumns } from './order-columns.ts'

// The writes of the hot paths. Each is one statement, so that a whole batch needs one transaction and one round trip.

export type NewOrder = { readonly order: Order; readonly key: IdempotencyKey | undefined }

const insertOrdersSql = `
  with added as (
    insert into orders.orders (id, user_id, status, total_minor, currency, version, history, created_at, updated_at,
      idempotency_key, request_digest, hold_until)
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::int[],
      ${jsonArray(7)}::jsonb[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::text[], $12::timestamptz[])
    on conflict (user_id, idempotency_key) where idempotency_key is not null do nothing
    returning id
  ), lines as (
    insert into orders.order_lines (order_id, line_no, product_id, sku, name, quantity, unit_price_minor)
    select l.* from unnest($13::uuid[], $14::smallint[], $15::uuid[], $16::text[], $17::text[], $18::int[], $19::bigint[])
      as l(order_id, line_no, product_id, sku, name, quantity, unit_price_minor)
    where l.order_id in (select id from added)
  ), ${outboxCtes(20, 'where e.aggregate_id in (select id from added)')}
  select id from added`

/** Returns the ids that were stored. The idempotency keys of the others had been used before. */
export async function insertOrders(
  db: Sql,
  orders: readonly NewOrder[],
  events: readonly OutboxEvent[],
): Promise<ReadonlySet<string>> {
  // The orders are sorted by key, so that two batches with common keys wait for each other and do not deadlock.
  const sorted = orders
    .map((each) => ({ place: `${each.order.userId ?? ''}${each.key?.key ?? ''}`, ...each }))
    .sort((a, b) => compare(a.place, b.place))
  const added = await db.$queryRawUnsafe<readonly { readonly id: string }[]>(
    insertOrdersSql,
    ...newOrderColumns(sorted),
    ...lineColumns(sorted.map(({ order }) => order)),
    ...outboxParameters(events),
  )
  return new Set(added.map(({ id }) => id))
}

/**
 * `locked` is counted and not joined, and the ids are repeated in `changed`. PostgreSQL expects few rows of `wanted`,
 * and would otherwise compare each row with each.
 */
const updateOrdersSql = `
  with wanted as (
    select * from unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::int[], ${jsonArray(6)}::jsonb[],
      $7::boolean[], $8::timestamptz[], $9::boolean[])
      as c(id, expected, revision, status, version, history, awaiting_release, updated_at, awaiting_cart)
  ), locked as (
    select id from orders.orders where id = any($1::uuid[]) order by id for update
  ), changed as (
    update orders.orders o
    set status = c.status, version = c.version, history = c.history, awaiting_release = c.awaiting_release,
      updated_at = c.updated_at, revision = c.revision + 1, awaiting_cart = c.awaiting_cart,
      first_payment = case when c.status in ('pending', 'confirmed') then o.first_payment end
    from wanted c
    where (select count(*) from locked) > 0 and o.id = c.id and o.version = c.expected and o.revision = c.revision
      and o.id = any($1::uuid[])
    returning o.id
  ), ${outboxCtes(10, 'where e.aggregate_id in (select id from changed)')}
  select id from changed`

/** Returns the ids that were stored. With the others another writer was quicker. */
export async function updateOrders(
  db: Sql,
  changes: readonly OrderChange[],
  events: readonly OutboxEvent[],
): Promise<ReadonlySet<OrderId>> {
  const changed = await db.$queryRawUnsafe<readonly { readonly id: string }[]>(
    updateOrdersSql,
    ...changeColumns(changes),
    ...outboxParameters(events),
  )
  return new Set(changed.map(({ id }) => id as OrderId))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
