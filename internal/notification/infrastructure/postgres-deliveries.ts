import { recordActs } from '../../platform/activity.ts'
import type { Sql } from '../../platform/database.ts'
import { claimKey, findKey } from '../../platform/idempotency-keys.ts'
import { appendToOutbox, type WakeProducer } from '../../platform/outbox.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import { lowestUuidAt } from '../../platform/uuid.ts'
import type { Asked, Deliveries } from '../application/ports.ts'
import type { Delivery, DeliveryChange, DeliveryId, DeliveryStatus } from '../domain/delivery.ts'
import { encodeDeliveryEvent } from './delivery-events.ts'
import { addSql, deliveryColumns, deliveryFrom, newColumns, type DeliveryRow } from './delivery-rows.ts'
import { postgresFeed } from './postgres-feed.ts'

const claimSql = `
  with due as (
    select id from notifications.deliveries
    where status = 'queued' and recipient_type = $4 and channel = any($5) and next_at <= $1 and (lease_until is null or lease_until <= $1)
    order by next_at limit $3 for update skip locked
  )
  update notifications.deliveries d set lease_until = $2, revision = revision + 1
  from due where d.id = due.id
  returning ${deliveryColumns
    .split(',')
    .map((column) => `d.${column.trim()}`)
    .join(', ')}`

const storeSql = `
  update notifications.deliveries set status = $3, attempts = $4, failure = $5, revision = $2 + 1, version = $6, next_at = $7,
    lease_until = $8, updated_at = $9
  where id = $1::uuid and revision = $2`

/** Whose turn it is first. There may be thousands of mails about orders, and few of the others. */
const recipients = ['user', 'staff', 'order'] as const

const waitingSql = (recipient: (typeof recipients)[number]): string => `
  select min(greatest(next_at, coalesce(lease_until, next_at))) from (
    select next_at, lease_until from notifications.deliveries
    where status = 'queued' and recipient_type = '${recipient}' and channel = any($1) order by next_at limit 20
  ) as ${recipient}s`

/** What waits is sorted by when it is due, whatever holds its lease: a worker that dies may hold it for a moment. */
const nextDueSql = `
  select least(
    ${recipients.map((recipient) => `(${waitingSql(recipient)})`).join(', ')},
    (select min(lease_until) from notifications.deliveries where status = 'sending')
  ) as at`

export function postgresDeliveries(sql: PoolSql, wakeProducer: WakeProducer): Deliveries {
  const rowsOf = async (text: string, ...values: readonly unknown[]): Promise<readonly Delivery[]> =>
    (await sql.$queryRawUnsafe<readonly DeliveryRow[]>(text, ...values)).map(deliveryFrom)
  const find = async (id: string): Promise<Delivery | undefined> =>
    (await rowsOf(`select ${deliveryColumns} from notifications.deliveries where id = $1::uuid`, id))[0]
  return {
    ...postgresFeed(sql, rowsOf),
    find,
    add: (deliveries) => sql.$executeRawUnsafe(addSql, ...newColumns(deliveries)),
    claim: (by, now, leaseUntil, limit) =>
      claimInTurn(limit, (recipient, left) => rowsOf(claimSql, now, leaseUntil, left, recipient, by)),
    lost: (now, limit) =>
      rowsOf(
        `select ${deliveryColumns} from notifications.deliveries where status = 'sending' and lease_until <= $1
         order by lease_until limit $2`,
        ...[now, limit],
      ),
    async nextDue(by) {
      const [row] = await sql.$queryRawUnsafe<readonly { readonly at: Date | null }[]>(nextDueSql, by)
      return row?.at ?? undefined
    },
    async store(change, asked) {
      const isStored = await sql.transaction((tx) => store(tx, change, asked))
      if (isStored && change.events.length > 0) wakeProducer()
      return isStored
    },
    async release(deliveries, nextAt) {
      await sql.$executeRawUnsafe(
        `update notifications.deliveries d set lease_until = null, next_at = $3, revision = d.revision + 1
         from unnest($1::uuid[], $2::int[]) as r(id, revision)
         where d.id = r.id and d.revision = r.revision and d.status = 'queued'`,
        ...[deliveries.map(({ id }) => id), deliveries.map(({ revision }) => revision), nextAt],
      )
    },
    async findByRequest(once) {
      const id = await findKey(sql, 'notifications', once)
      return id === undefined ? undefined : find(id)
    },
    async countByStatus() {
      const rows = await sql.$queryRawUnsafe<
        readonly { readonly status: DeliveryStatus; readonly count: number }[]
      >(
        `select status, count(*)::int as count from notifications.deliveries
         where status in ('queued', 'sending', 'failed', 'unknown') group by status`,
      )
      return Object.fromEntries(rows.map(({ status, count }) => [status, count]))
    },
    removeEnded: (before, limit) =>
      sql.$executeRawUnsafe(
        `delete from notifications.deliveries where id in (
           select id from notifications.deliveries where id < $1::uuid and status in ('sent', 'skipped', 'failed')
           order by id limit $2)`,
        ...[lowestUuidAt(before), limit],
      ),
  }
}

async function claimInTurn(
  limit: number,
  claim: (recipient: (typeof recipients)[number], left: number) => Promise<readonly Delivery[]>,
): Promise<readonly Delivery[]> {
  const claimed: Delivery[] = []
  for (const recipient of recipients)
    if (claimed.length < limit) claimed.push(...(await claim(recipient, limit - claimed.length)))
  return claimed
}

/** The guard is the revision that the change was decided on. */
async function store(tx: Sql, { state, events }: DeliveryChange, asked: Asked | undefined): Promise<boolean> {
  const { id, status, attempts, failure, revision, version, nextAt, leaseUntil, updatedAt } = state
  const stored = await tx.$executeRawUnsafe(
    storeSql,
    ...[id, revision - 1, status, attempts, failure, version, nextAt, leaseUntil ?? null, updatedAt],
  )
  if (stored === 0) return false
  if (asked) {
    await claimKey(tx, 'notifications', asked.once, id satisfies DeliveryId)
    await recordActs(tx, asked.trace, [asked.act])
  }
  await appendToOutbox(tx, events.map(encodeDeliveryEvent))
  return true
}
