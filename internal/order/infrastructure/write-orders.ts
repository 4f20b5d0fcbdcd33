import type { Sql } from '../../platform/database.ts'
import { insertOutboxSql, outboxParameter, type OutboxEvent } from '../../platform/outbox.ts'
import type { Order, OrderChange, OrderId } from '../domain/order.ts'
import type { IdempotencyKey } from '../application/orders.ts'
import { toLineRows, toRow } from './order-rows.ts'

// The hot writes. Each is one statement, and so one transaction and one round trip for a whole batch.

export type NewOrder = { readonly order: Order; readonly key: IdempotencyKey | undefined }

const insertOrdersSql = `
  with added as (
    insert into orders.orders (id, user_id, status, total_minor, currency, version, history, idempotency_key,
      request_digest, created_at, updated_at)
    select id, user_id, status, total_minor, currency, version, history, idempotency_key, request_digest,
      created_at, updated_at
    from jsonb_to_recordset($1::jsonb) as o(id uuid, user_id uuid, status text, total_minor bigint, currency text,
      version int, history jsonb, idempotency_key text, request_digest text, created_at timestamptz, updated_at timestamptz)
    on conflict (user_id, idempotency_key) where idempotency_key is not null do nothing
    returning id
  ), lines as (
    insert into orders.order_lines (order_id, line_no, product_id, sku, name, quantity, unit_price_minor)
    select l.order_id, l.line_no, l.product_id, l.sku, l.name, l.quantity, l.unit_price_minor
    from jsonb_to_recordset($2::jsonb) as l(order_id uuid, line_no smallint, product_id uuid, sku text, name text,
      quantity int, unit_price_minor bigint)
    where l.order_id in (select id from added)
  ), mail as (${insertOutboxSql('$3', 'where e."aggregateId" in (select id from added)')})
  select id from added`

/** Answers with the ids that were stored: the others' keys had been used before. */
export async function insertOrders(
  db: Sql,
  orders: readonly NewOrder[],
  events: readonly OutboxEvent[],
): Promise<ReadonlySet<string>> {
  // In the order of the keys, so that two batches that share some wait for one another and do not deadlock.
  const rows = orders
    .map(({ order, key }) => ({ ...toRow(order), idempotency_key: key?.key, request_digest: key?.digest }))
    .sort((a, b) =>
      compare(`${a.user_id}${a.idempotency_key ?? ''}`, `${b.user_id}${b.idempotency_key ?? ''}`),
    )
  const lines = orders.flatMap(({ order }) => toLineRows(order))
  const added = await db.$queryRawUnsafe<readonly { readonly id: string }[]>(
    insertOrdersSql,
    JSON.stringify(rows),
    JSON.stringify(lines),
    outboxParameter(events),
  )
  return new Set(added.map(({ id }) => id))
}

/** `locked` is counted and not joined: PostgreSQL expects few rows of it, and would compare each with each. */
const updateOrdersSql = `
  with wanted as (
    select * from jsonb_to_recordset($1::jsonb) as c(id uuid, expected int, status text, version int, history jsonb,
      awaiting_release boolean, updated_at timestamptz)
  ), locked as (
    select o.id from orders.orders o join wanted using (id) order by o.id for update of o
  ), changed as (
    update orders.orders o
    set status = c.status, version = c.version, history = c.history, awaiting_release = c.awaiting_release,
      updated_at = c.updated_at
    from wanted c
    where (select count(*) from locked) > 0 and o.id = c.id and o.version = c.expected
    returning o.id
  ), mail as (${insertOutboxSql('$2', 'where e."aggregateId" in (select id from changed)')})
  select id from changed`

/** Answers with the ids that were stored: another writer was quicker with the others. */
export async function updateOrders(
  db: Sql,
  changes: readonly OrderChange[],
  events: readonly OutboxEvent[],
): Promise<ReadonlySet<OrderId>> {
  const rows = changes.map(({ state, events: told }) => ({
    ...toRow(state),
    expected: state.version - told.length,
  }))
  const changed = await db.$queryRawUnsafe<readonly { readonly id: string }[]>(
    updateOrdersSql,
    JSON.stringify(rows),
    outboxParameter(events),
  )
  return new Set(changed.map(({ id }) => id as OrderId))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
