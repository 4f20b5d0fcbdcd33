import type { Sql } from '../../platform/database.ts'
import { hourOf } from './cart-columns.ts'

/**
 * A cart stays as long as its last event is in the outbox, because whatever has events exists. The event has the time of the
 * cart's last change, by which the outbox finds it.
 */
const removeGuestsSql = `
  delete from carts.carts where id in (
    select c.id from carts.carts c
    where c.user_id is null and c.status in ('active', 'abandoned', 'merged') and c.touched_at <= $1 and c.updated_at < $2
      and not exists (
        select from producer.outbox o where o.occurred_at = c.updated_at and o.aggregate_id = c.id)
    order by c.touched_at limit $3 for update skip locked)`

export const removeGuests = (sql: Sql, before: Date, limit: number): Promise<number> =>
  sql.$executeRawUnsafe(removeGuestsSql, hourOf(before), before, limit)

/** As long as the other services keep them (internal/platform/idempotency-keys.ts). */
const removeKeysSql = `
  delete from carts.idempotency_keys where key in (
    select key from carts.idempotency_keys where at < now() - interval '7 days' order by at limit $1
    for update skip locked)`

export const removeOldKeys = (sql: Sql, limit: number): Promise<number> =>
  sql.$executeRawUnsafe(removeKeysSql, limit)
