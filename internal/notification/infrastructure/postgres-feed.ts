import type { PoolSql } from '../../platform/pool-sql.ts'
import type { Deliveries, Page } from '../application/ports.ts'
import type { Delivery } from '../domain/delivery.ts'
import { deliveryColumns } from './delivery-rows.ts'

type RowsOf = (text: string, ...values: readonly unknown[]) => Promise<readonly Delivery[]>

const feedSql = (isUnreadOnly: boolean): string => `
  select ${deliveryColumns} from notifications.deliveries
  where channel = 'feed' and recipient_id = $1::uuid and ($2::uuid is null or id < $2::uuid)
    ${isUnreadOnly ? 'and read_at is null' : ''}
  order by id desc limit $3`

/** Beyond so many it does not matter how many more are unread. */
const mostCounted = 1_000

/** The deliveries that people and staff read. */
export function postgresFeed(sql: PoolSql, rowsOf: RowsOf): Pick<Deliveries, 'page' | 'feed' | 'markRead'> {
  return {
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
