import type { PoolSql } from '../../../platform/pool-sql.ts'
import type { Webhooks } from '../../application/webhook-ports.ts'
import type { WebhookDelivery } from '../../domain/webhook-delivery.ts'
import { postgresPositions } from './postgres-positions.ts'
import { postgresRedelivery } from './postgres-redelivery.ts'
import { prefixed, webhookColumns, webhookFrom, type WebhookRow } from './webhook-rows.ts'

type RowsOf = (text: string, ...values: readonly unknown[]) => Promise<readonly WebhookDelivery[]>

/** Of each aggregate the first one that waits; one that is in somebody's hands holds back those behind it. */
const claimSql = `
  with due as (
    select d.id from unnest($1::uuid[], $2::int[]) as w(endpoint_id, room)
    join notifications.endpoints e on e.id = w.endpoint_id and e.paused_at is null
    cross join lateral (
      select id from notifications.webhook_deliveries q
      where q.endpoint_id = w.endpoint_id and q.status = 'queued' and q.next_at <= $3
        and (q.lease_until is null or q.lease_until <= $3)
        and not exists (
          select from notifications.webhook_deliveries p
          where p.endpoint_id = q.endpoint_id and p.aggregate_id = q.aggregate_id and p.status = 'queued' and p.seq < q.seq)
      order by q.next_at, q.seq limit w.room for update skip locked
    ) as d
  )
  update notifications.webhook_deliveries d set lease_until = $4, revision = revision + 1
  from due where d.id = due.id
  returning ${prefixed('d')}`

export function postgresWebhooks(sql: PoolSql): Webhooks {
  const rowsOf: RowsOf = async (text, ...values) =>
    (await sql.$queryRawUnsafe<readonly WebhookRow[]>(text, ...values)).map(webhookFrom)
  return {
    ...postgresPositions(sql),
    ...postgresRedelivery(sql),
    ...sending(sql, rowsOf),
    ...shown(rowsOf),
    async countQueued() {
      const [row] = await sql.$queryRawUnsafe<
        readonly { readonly queued: number; readonly paused: number }[]
      >(
        `select (select count(*)::int from notifications.webhook_deliveries where status = 'queued') as queued,
           (select count(*)::int from notifications.endpoints where paused_at is not null) as paused`,
      )
      return { queued: row?.queued ?? 0, pausedEndpoints: row?.paused ?? 0 }
    },
    removeOld: (before, limit) =>
      sql.$executeRawUnsafe(
        `delete from notifications.webhook_deliveries where id in (
           select d.id from notifications.webhook_deliveries d
           where d.created_at < $1
             or not exists (select from notifications.endpoints e where e.id = d.endpoint_id) limit $2)`,
        ...[before, limit],
      ),
  }
}

function sending(sql: PoolSql, rowsOf: RowsOf): Pick<Webhooks, 'claim' | 'store'> {
  return {
    claim: (rooms, now, leaseUntil) =>
      rowsOf(
        claimSql,
        rooms.map(({ endpointId }) => endpointId),
        rooms.map(({ room }) => room),
        ...[now, leaseUntil],
      ),
    async store(state) {
      const stored = await sql.$executeRawUnsafe(
        `update notifications.webhook_deliveries set status = $3, attempts = $4, failing_since = $5, failure = $6,
           next_at = $7, lease_until = null, revision = $2 + 1, updated_at = $8
         where id = $1::uuid and revision = $2`,
        ...[
          state.id,
          state.revision,
          state.status,
          state.attempts,
          state.failingSince ?? null,
          state.failure,
        ],
        ...[state.nextAt, state.updatedAt],
      )
      return stored > 0
    },
  }
}

function shown(rowsOf: RowsOf): Pick<Webhooks, 'find' | 'page'> {
  return {
    async find(id) {
      const [row] = await rowsOf(
        `select ${webhookColumns} from notifications.webhook_deliveries where id = $1::uuid`,
        id,
      )
      return row
    },
    async page({ endpointId, status, limit, after }) {
      const rows = await rowsOf(
        `select ${webhookColumns} from notifications.webhook_deliveries
         where endpoint_id = $1::uuid and ($2::text is null or status = $2) and ($3::bigint is null or seq < $3)
         order by seq desc limit $4`,
        ...[endpointId, status ?? null, after ?? null, limit + 1],
      )
      const deliveries = rows.slice(0, limit)
      return { deliveries, next: rows.length > limit ? deliveries.at(-1)?.seq : undefined }
    },
  }
}
