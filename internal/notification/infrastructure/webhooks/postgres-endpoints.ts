import { NotificationEndpointPausedSchema } from '../../../gen/notification/v1/events_pb.ts'
import { recordActs } from '../../../platform/activity.ts'
import type { Sql } from '../../../platform/database.ts'
import { eventType } from '../../../platform/event.ts'
import { claimKey, findKey } from '../../../platform/idempotency-keys.ts'
import { appendToOutbox, outboxEvent, type WakeProducer } from '../../../platform/outbox.ts'
import type { PoolSql } from '../../../platform/pool-sql.ts'
import type { AskedByStaff, Endpoints } from '../../application/webhook-ports.ts'
import type { Endpoint, EndpointId } from '../../domain/endpoint.ts'

const columns = `id, url, events, signing_secrets, paused_at, pause_reason, wanted_since, revision, version, created_at, updated_at`
const pausedType = eventType(NotificationEndpointPausedSchema)

type Row = {
  readonly id: EndpointId
  readonly url: string
  readonly events: readonly string[]
  readonly signing_secrets: readonly { readonly secret: string; readonly until: string | null }[]
  readonly paused_at: Date | null
  readonly pause_reason: string
  readonly wanted_since: Date
  readonly revision: number
  readonly version: number
  readonly created_at: Date
  readonly updated_at: Date
}

export function postgresEndpoints(sql: PoolSql, wakeProducer: WakeProducer): Endpoints {
  const rowsOf = async (text: string, ...values: readonly unknown[]): Promise<readonly Endpoint[]> =>
    (await sql.$queryRawUnsafe<readonly Row[]>(text, ...values)).map(endpointFrom)
  const find = async (id: string): Promise<Endpoint | undefined> =>
    (await rowsOf(`select ${columns} from notifications.endpoints where id = $1::uuid`, id))[0]
  return {
    find,
    list: () => rowsOf(`select ${columns} from notifications.endpoints order by id desc`),
    async findByRequest(once) {
      const id = await findKey(sql, 'notifications', once)
      return id === undefined ? undefined : find(id)
    },
    add: (endpoint, asked) =>
      sql.transaction(async (tx) => {
        await tx.$executeRawUnsafe(
          `insert into notifications.endpoints (${columns})
           values ($1::uuid, $2, $3::text[], $4::jsonb, $5, $6, $7, $8, $9, $10, $11)`,
          ...[endpoint.id, ...changing(endpoint), endpoint.revision, endpoint.version],
          ...[endpoint.createdAt, endpoint.updatedAt],
        )
        await keep(tx, endpoint.id, asked)
      }),
    store: (endpoint, asked) =>
      sql.transaction(async (tx) => {
        const isStored = await update(tx, endpoint)
        if (isStored) await keep(tx, endpoint.id, asked)
        return isStored
      }),
    async pause(endpoint) {
      const isStored = await sql.transaction(async (tx) => {
        const isUpdated = await update(tx, endpoint)
        if (isUpdated) await appendToOutbox(tx, [pausedEvent(endpoint)])
        return isUpdated
      })
      if (isStored) wakeProducer()
      return isStored
    },
    remove: (id, asked) =>
      sql.transaction(async (tx) => {
        const removed = await tx.$executeRawUnsafe(
          'delete from notifications.endpoints where id = $1::uuid',
          id,
        )
        if (removed > 0) await keep(tx, id, asked)
        return removed > 0
      }),
  }
}

/** What is stored beside a change that staff have asked for. */
export async function keep(tx: Sql, id: EndpointId, { once, trace, act }: AskedByStaff): Promise<void> {
  await claimKey(tx, 'notifications', once, id)
  await recordActs(tx, trace, [act])
}

async function update(tx: Sql, endpoint: Endpoint): Promise<boolean> {
  const stored = await tx.$executeRawUnsafe(
    `update notifications.endpoints set url = $2, events = $3::text[], signing_secrets = $4::jsonb, paused_at = $5,
       pause_reason = $6, wanted_since = $7, revision = $8, version = $9, updated_at = $10
     where id = $1::uuid and revision = $8 - 1`,
    ...[endpoint.id, ...changing(endpoint), endpoint.revision, endpoint.version, endpoint.updatedAt],
  )
  return stored > 0
}

const changing = ({ url, events, secrets, pausedAt, pauseReason, wantedSince }: Endpoint) => [
  ...[url, events, JSON.stringify(secrets.map(({ secret, until }) => ({ secret, until: until ?? null })))],
  ...[pausedAt ?? null, pauseReason, wantedSince],
]

const pausedEvent = ({ id, version, pauseReason, updatedAt }: Endpoint) =>
  outboxEvent(
    pausedType,
    {
      ...{ aggregateType: 'endpoint', aggregateId: id, aggregateVersion: version, occurredAt: updatedAt },
      data: { endpointId: id, reason: pauseReason },
    },
    { correlationId: '', causationId: '', traceparent: '' },
  )

const endpointFrom = (row: Row): Endpoint => ({
  ...{ id: row.id, url: row.url, events: row.events },
  secrets: row.signing_secrets.map(({ secret, until }) => ({
    secret,
    until: until === null ? undefined : new Date(until),
  })),
  ...{ pausedAt: row.paused_at ?? undefined, pauseReason: row.pause_reason, wantedSince: row.wanted_since },
  ...{ revision: row.revision, version: row.version, createdAt: row.created_at, updatedAt: row.updated_at },
})
