import { isDatabaseOutage, type Sql } from '../../platform/database.ts'
import { groupCommit } from '../../platform/group-commit.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import type { DueMessage, DueOperation, DueReading, Work, WorkKind } from '../application/work.ts'
import type { OrderId } from '../domain/ids.ts'
import { stepOf, triedOnce, type StepRules } from '../domain/operation.ts'
import { readDelayMs } from '../domain/reading.ts'
import { operationOf } from './account-rows.ts'
import type { RememberedAccounts } from './remembered-accounts.ts'
import { after, moveComparison, planComparisons, takeComparison } from './comparisons.ts'
import { leaseEnd } from './lease.ts'

/** A customer who reloads the page does not ask the provider each time. */
const readAgainAfterMs = 2_000

/** `asked` hears of each operation for which a provider is asked. */
export function postgresWork(sql: PoolSql, { asked }: Pick<RememberedAccounts, 'asked'>): Work {
  /** A provider's first comparison is planned when the process starts. */
  let isPlanned = false
  const endTogether = groupCommit((ended: readonly EndedMessage[]) => endMessages(sql, ended), {
    ...{ maxBatch: 50, inFlight: 1, isOutage: isDatabaseOutage },
  })
  return {
    async takeOperations(now, limit, rulesOf) {
      const taken = await sql.transaction((tx) => takeOperations(tx, now, limit, rulesOf))
      for (const { orderId, operation } of taken) asked(orderId, operation)
      return taken
    },
    takeReadings: (now, limit) => takeReadings(sql, now, limit),
    takeMessages: (now, limit) => takeMessages(sql, now, limit),
    async lateOrders(now, limit) {
      const rows = await sql.$queryRawUnsafe<readonly { readonly order_id: OrderId }[]>(
        `select order_id from payments.gates where late_until is not null and late_until <= $1
         order by late_until limit $2`,
        now,
        limit,
      )
      return rows.map(({ order_id }) => order_id)
    },
    takeComparison: (now, providers) => takeComparison(sql, now, providers),
    moveComparison: (comparison, next) => moveComparison(sql, comparison, next),
    async nextDue(now, providers) {
      if (!isPlanned) await planComparisons(sql, now, providers)
      isPlanned = true
      const [row] = await sql.$queryRawUnsafe<readonly Readonly<Record<WorkKind, Date | null>>[]>(
        nextDueSql,
        ...[now, providers],
      )
      return Object.fromEntries(Object.entries(row ?? {}).filter(([, at]) => at !== null))
    },
    async readSoon(paymentId, now) {
      const asked = await sql.$executeRawUnsafe(
        `update payments.payments set read_at = $2, read_soon_at = $2
         where id = $1::uuid and read_at is not null and read_at > $2 and (read_soon_at is null or read_soon_at < $3)`,
        paymentId,
        now,
        after(now, -readAgainAfterMs),
      )
      return asked > 0
    },
    endMessage: (message, status, now) => endTogether({ message, status, now }),
    async putOffMessage({ id }, { nextAt, error, isDead }) {
      await sql.$executeRawUnsafe(
        `update payments.inbox set next_at = $2, error = $3, status = $4,
           ended_at = case when $4 = 'dead' then $2::timestamptz end
         where id = $1::bigint and status = 'received'`,
        ...[id, nextAt, error, isDead ? 'dead' : 'received'],
      )
    },
  }
}

const dueOperationsSql = `
  select to_jsonb(o) as operation, o.order_id as "orderId", p.provider, g.status = 'open' as "isOpen"
  from payments.operations o
  join payments.payments p on p.id = o.payment_id
  join payments.gates g on g.order_id = o.order_id
  where o.status = 'waiting' and o.next_at <= $1 and (o.lease_until is null or o.lease_until <= $1)
  order by o.next_at limit $2
  for update of o skip locked`

type DueRow = {
  readonly operation: Readonly<Record<string, unknown>>
  readonly orderId: OrderId
  readonly provider: string
  readonly isOpen: boolean
}

async function takeOperations(
  tx: Sql,
  now: Date,
  limit: number,
  rulesOf: (provider: string) => StepRules,
): Promise<readonly DueOperation[]> {
  const rows = await tx.$queryRawUnsafe<readonly DueRow[]>(dueOperationsSql, now, limit)
  const due = rows.map(({ operation: row, orderId, provider, isOpen }) => {
    const operation = operationOf(row)
    const step = stepOf(operation, isOpen, now, rulesOf(provider))
    return { orderId, provider, step, operation: step === 'call' ? triedOnce(operation, now) : operation }
  })
  if (due.length > 0)
    await tx.$executeRawUnsafe(
      `update payments.operations o set lease_until = $2, first_tried_at = d.first, last_tried_at = d.last, tries = d.tries
       from unnest($1::uuid[], $3::timestamptz[], $4::timestamptz[], $5::int[]) as d (id, first, last, tries)
       where o.id = d.id`,
      due.map(({ operation }) => operation.id),
      leaseEnd(now),
      due.map(({ operation }) => operation.firstTriedAt ?? null),
      due.map(({ operation }) => operation.lastTriedAt ?? null),
      due.map(({ operation }) => operation.tries),
    )
  return due
}

/** The next reading is planned before this one, so a process that dies delays it and loses nothing. */
async function takeReadings(sql: PoolSql, now: Date, limit: number): Promise<readonly DueReading[]> {
  return sql.transaction(async (tx) => {
    const rows = await tx.$queryRawUnsafe<readonly (DueReading & { readonly reads: number })[]>(
      `select id as "paymentId", order_id as "orderId", provider, ref, reads from payments.payments
       where read_at is not null and read_at <= $1 order by read_at limit $2 for update skip locked`,
      now,
      limit,
    )
    if (rows.length > 0)
      await tx.$executeRawUnsafe(
        `update payments.payments p set read_at = d.read_at, reads = p.reads + 1
         from unnest($1::uuid[], $2::timestamptz[]) as d (id, read_at) where p.id = d.id`,
        rows.map(({ paymentId }) => paymentId),
        rows.map(({ reads }) => after(now, readDelayMs(reads + 1))),
      )
    return rows
  })
}

const takeMessagesSql = `
  update payments.inbox i set next_at = $3, tries = i.tries + 1
  from (
    select id from payments.inbox where status = 'received' and next_at <= $1 order by next_at limit $2
    for update skip locked
  ) as due
  where i.id = due.id
  returning i.id::text as id, i.provider, i.resource, i.seen, i.tries, i.received_at as "receivedAt",
    i.captured_minor as minor, i.captured_currency as currency`

async function takeMessages(sql: PoolSql, now: Date, limit: number): Promise<readonly DueMessage[]> {
  const rows = await sql.$queryRawUnsafe<readonly MessageRow[]>(takeMessagesSql, now, limit, leaseEnd(now))
  return rows.map(({ minor, currency, ...row }) => ({
    ...row,
    captured: minor === null || currency === null ? undefined : { minor, currency },
  }))
}

type MessageRow = Omit<DueMessage, 'captured'> & {
  readonly minor: bigint | null
  readonly currency: string | null
}

type EndedMessage = {
  readonly message: DueMessage
  readonly status: 'done' | 'ignored'
  readonly now: Date
}

/** Each is in one worker's hands, so it stands in the batch once. */
async function endMessages(sql: PoolSql, ended: readonly EndedMessage[]): Promise<readonly undefined[]> {
  await sql.$executeRawUnsafe(
    `update payments.inbox i set done = e.seen, error = '', tries = 0, next_at = e.now,
       status = case when i.seen = e.seen then e.status else 'received' end,
       received_at = case when i.seen = e.seen then i.received_at else e.now end,
       ended_at = case when i.seen = e.seen then e.now end
     from unnest($1::bigint[], $2::int[], $3::text[], $4::timestamptz[]) as e (id, seen, status, now)
     where i.id = e.id`,
    ended.map(({ message }) => message.id),
    ended.map(({ message }) => message.seen),
    ended.map(({ status }) => status),
    ended.map(({ now }) => now),
  )
  return ended.map(() => undefined)
}

/** Of operations those that somebody has are passed over; when all are, the first one's lease is waited for. */
const nextDueSql = `
  select
    case when exists (
      select from payments.operations
      where status = 'waiting' and next_at <= $1 and (lease_until is null or lease_until <= $1)
    ) then $1::timestamptz else (
      select greatest(next_at, lease_until) from payments.operations where status = 'waiting' order by next_at limit 1
    ) end as operation,
    (select min(next_at) from payments.inbox where status = 'received') as message,
    (select min(read_at) from payments.payments where read_at is not null) as reading,
    (select min(late_until) from payments.gates where late_until is not null) as late,
    (select min(next_at) from payments.comparisons where provider = any ($2::text[])) as comparison`
