import type { PoolSql } from '../../platform/pool-sql.ts'
import type { Deliveries, FollowedFeed, Page } from '../application/ports.ts'
import type { Delivery, DeliveryId } from '../domain/delivery.ts'
import { deliveryColumns, deliveryFrom, type DeliveryRow } from './delivery-rows.ts'

type RowsOf = (text: string, ...values: readonly unknown[]) => Promise<readonly Delivery[]>

const feedSql = (isUnreadOnly: boolean): string => `
  select ${deliveryColumns} from notifications.deliveries
  where channel = 'feed' and recipient_id = $1::uuid and ($2::uuid is null or id < $2::uuid)
    ${isUnreadOnly ? 'and read_at is null' : ''}
  order by id desc limit $3`

/** Beyond so many it does not matter how many more are unread. */
const mostCounted = 1_000

/** An entry that was removed meanwhile stands where those before it ended. */
const positionSql = `
  select feed_position as position, id from notifications.deliveries
  where recipient_id = $1::uuid and feed_position is not null and ($2::uuid is null or id <= $2::uuid)
  order by id = $2::uuid desc, feed_position desc limit 1`

const followSql = `
  select f.reader, d.* from unnest($1::uuid[], $2::bigint[]) with ordinality as f(user_id, position, reader)
  cross join lateral (
    select ${deliveryColumns}, feed_position from notifications.deliveries
    where recipient_id = f.user_id and feed_position > f.position
    order by feed_position limit $3) as d
  order by f.reader, d.feed_position`

type FollowedRow = DeliveryRow & { readonly reader: bigint; readonly feed_position: bigint }

type Reading = Pick<Deliveries, 'page' | 'feed' | 'markRead' | 'feedPosition' | 'follow'>

/** The deliveries that people and staff read. */
export function postgresFeed(sql: PoolSql, rowsOf: RowsOf): Reading {
  return {
    async feedPosition(userId, lastId) {
      type Found = { readonly position: bigint; readonly id: DeliveryId }
      const [found] = await sql.$queryRawUnsafe<readonly Found[]>(positionSql, userId, lastId ?? null)
      return { position: found?.position ?? 0n, lastId: found?.id }
    },
    async follow(readers, limit) {
      const [users, positions] = [
        readers.map(({ userId }) => userId),
        readers.map(({ position }) => String(position)),
      ]
      const rows = await sql.$queryRawUnsafe<readonly FollowedRow[]>(followSql, users, positions, limit)
      const feeds = readers.map(({ position }): FollowedFeed => ({ deliveries: [], position }))
      for (const row of rows) {
        const index = Number(row.reader) - 1
        const before = feeds[index]?.deliveries ?? []
        feeds[index] = { deliveries: [...before, deliveryFrom(row)], position: row.feed_position }
      }
      return feeds
    },
    async page({ status, channel, limit, after }) {
      const filters = [
        `($1::uuid is null or id < $1::uuid)`,
        ...(status === undefined ? [] : [`status = '${status}'`]),
        ...(channel === undefined ? [] : [`channel = '${channel}'`]),
      ]
      const rows = await rowsOf(
        `select ${deliveryColumns} from notifications.deliveries where ${filters.join(' and ')} order by id desc limit $2`,
        ...[after ?? null, limit + 1],
      )
      return pageOf(rows, limit)
    },
    async feed(userId, { isUnreadOnly, limit, after }) {
      // Counted first, so that no entry is counted that came too late for the page.
      const [counted] = await sql.$queryRawUnsafe<readonly { readonly unread: number }[]>(
        `select count(*)::int as unread from (
           select from notifications.deliveries where channel = 'feed' and recipient_id = $1::uuid and read_at is null
           limit ${mostCounted}) as u`,
        userId,
      )
      const rows = await rowsOf(feedSql(isUnreadOnly), userId, after ?? null, limit + 1)
      return { ...pageOf(rows, limit), unread: counted?.unread ?? 0 }
    },
    async markRead(userId, id, at) {
      const [row] = await rowsOf(
        `update notifications.deliveries set read_at = coalesce(read_at, $3), updated_at = coalesce(read_at, $3),
           revision = revision + 1
         where id = $2::uuid and channel = 'feed' and recipient_id = $1::uuid returning ${deliveryColumns}`,
        ...[userId, id, at],
      )
      return row
    },
  }
}

function pageOf(rows: readonly Delivery[], limit: number): Page {
  const deliveries = rows.slice(0, limit)
  return { deliveries, next: rows.length > limit ? deliveries.at(-1)?.id : undefined }
}
