import type { PoolSql } from '../../../platform/pool-sql.ts'
import type { Webhooks } from '../../application/webhook-ports.ts'
import { keep } from './postgres-endpoints.ts'
import { webhookColumns, webhookFrom, type WebhookRow } from './webhook-rows.ts'

const requeueSql = `status = 'queued', attempts = 0, failing_since = null, failure = '', next_at = $2, lease_until = null,
  revision = revision + 1, updated_at = $2`

/** What staff send again. */
export function postgresRedelivery(sql: PoolSql): Pick<Webhooks, 'redeliver' | 'replay' | 'retryAll'> {
  return {
    redeliver: (endpointId, id, at, asked) =>
      sql.transaction(async (tx) => {
        const [row] = await tx.$queryRawUnsafe<readonly WebhookRow[]>(
          `update notifications.webhook_deliveries set ${requeueSql} where id = $1::uuid and endpoint_id = $3::uuid
           returning ${webhookColumns}`,
          ...[id, at, endpointId],
        )
        if (row) await keep(tx, endpointId, asked)
        return row && webhookFrom(row)
      }),
    replay: (endpointId, { from, to }, at, asked) =>
      sql.transaction(async (tx) => {
        await keep(tx, endpointId, asked)
        return tx.$executeRawUnsafe(
          `update notifications.webhook_deliveries set ${requeueSql}
           where endpoint_id = $1::uuid and occurred_at >= $3 and occurred_at < $4`,
          ...[endpointId, at, from, to],
        )
      }),
    async retryAll(endpointId, at) {
      await sql.$executeRawUnsafe(
        `update notifications.webhook_deliveries set attempts = 0, failing_since = null, next_at = $2,
           revision = revision + 1 where endpoint_id = $1::uuid and status = 'queued' and attempts > 0`,
        ...[endpointId, at],
      )
    },
  }
}
