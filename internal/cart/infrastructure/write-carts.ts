import type { Sql } from '../../platform/database.ts'
import { outboxCtes, outboxParameters, type OutboxEvent } from '../../platform/outbox.ts'
import { jsonArray } from '../../platform/sql-columns.ts'
import type { CartChange, CartId } from '../domain/cart.ts'
import { cartColumns, keyColumns, type StoredKey } from './cart-columns.ts'

/**
 * The hot path: new carts, changed ones, the keys of their requests and their events in one statement. A cart whose version
 * is another one by now, and a new one of a user who has a live one, is not stored, and neither are its key and its event.
 * A key that is there already fails the whole statement, so that its change is not made again.
 *
 * `locked` is counted and not joined, and the ids are repeated in `changed`: PostgreSQL expects few rows of `wanted`, and
 * would otherwise compare each row with each.
 */
const writeSql = `
  with wanted as (
    select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::int[], ${jsonArray(6)}::jsonb[],
      ${jsonArray(7)}::jsonb[], ${jsonArray(8)}::jsonb[], $9::uuid[], $10::int[], $11::uuid[], $12::int[],
      $13::timestamptz[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[])
      as c(id, expected, user_id, status, version, lines, delivery, promotion_codes, order_id, locked_version, merged_into,
        merged_version, quiet_from, touched_at, created_at, updated_at)
  ), locked as (
    select id from carts.carts where id = any($1::uuid[]) order by id for update
  ), added as (
    insert into carts.carts (id, user_id, status, version, lines, delivery, promotion_codes, order_id, locked_version,
      merged_into, merged_version, quiet_from, touched_at, created_at, updated_at)
    select id, user_id, status, version, lines, nullif(delivery, 'null'), promotion_codes, order_id, locked_version,
      merged_into, merged_version, quiet_from, touched_at, created_at, updated_at
    from wanted where expected = 0
    on conflict do nothing
    returning id
  ), changed as (
    update carts.carts c
    set status = w.status, version = w.version, lines = w.lines, delivery = nullif(w.delivery, 'null'),
      promotion_codes = w.promotion_codes, order_id = w.order_id, locked_version = w.locked_version,
      merged_into = w.merged_into, merged_version = w.merged_version, quiet_from = w.quiet_from,
      touched_at = w.touched_at, updated_at = w.updated_at
    from wanted w
    where (select count(*) from locked) > 0 and c.id = w.id and c.version = w.expected and c.id = any($1::uuid[])
    returning c.id
  ), stored as (
    select id from added union all select id from changed
  ), keys as (
    insert into carts.idempotency_keys (key, fingerprint, thing, at)
    select k.* from unnest($17::text[], $18::text[], $19::text[], $20::timestamptz[]) as k(key, fingerprint, thing, at)
    where k.thing::uuid in (select id from stored)
  ), ${outboxCtes(21, 'where e.aggregate_id in (select id from stored)')}
  select id from stored`

/** Returns the ids that were stored. With the others another writer was quicker. Each cart is there once. */
export async function writeCarts(
  db: Sql,
  changes: readonly CartChange[],
  keys: readonly StoredKey[],
  events: readonly OutboxEvent[],
): Promise<ReadonlySet<CartId>> {
  // New carts are sorted by their users, so that two batches with common users wait for each other and do not deadlock.
  const sorted = [...changes].sort((a, b) => compare(a.state.userId ?? '', b.state.userId ?? ''))
  const byKey = [...keys].sort((a, b) => compare(a.once.key, b.once.key))
  const stored = await db.$queryRawUnsafe<readonly { readonly id: string }[]>(
    writeSql,
    ...cartColumns(sorted),
    ...keyColumns(byKey),
    ...outboxParameters(events),
  )
  return new Set(stored.map(({ id }) => id as CartId))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
