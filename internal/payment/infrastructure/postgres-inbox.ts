import type { Act } from '../../platform/act.ts'
import { recordActs } from '../../platform/activity.ts'
import { isDatabaseOutage } from '../../platform/database.ts'
import { groupCommit } from '../../platform/group-commit.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import type { DeadMessage, Inbox, NewMessage } from '../application/inbox.ts'

const insertSql = `
  insert into payments.inbox (provider, event_id, resource, what, status, next_at, received_at, seen, captured_minor,
    captured_currency)
  select provider, event_id, resource, what, 'received', due_at, at, seen, captured_minor, captured_currency
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::int[],
      $8::bigint[], $9::text[])
    as m (provider, event_id, resource, what, at, due_at, seen, captured_minor, captured_currency)
  order by provider, event_id, resource`

/** An event that has come before says nothing new. */
const eventsSql = `${insertSql} on conflict (provider, event_id) where event_id is not null do nothing`

/** The worker handles it again, because the same words may be about something new. One that had ended begins anew. */
const hintsSql = `${insertSql} on conflict (provider, resource) where event_id is null
  do update set seen = inbox.seen + excluded.seen, what = excluded.what,
    next_at = least(inbox.next_at, excluded.next_at), status = 'received', ended_at = null,
    tries = case when inbox.status = 'received' then inbox.tries else 0 end,
    received_at = case when inbox.status = 'received' then inbox.received_at else excluded.received_at end,
    captured_minor = excluded.captured_minor, captured_currency = excluded.captured_currency`

type Received = NewMessage & { readonly at: Date; readonly dueAt: Date }

/** Messages that come together share a transaction. */
async function receiveAll(sql: PoolSql, messages: readonly Received[]): Promise<readonly undefined[]> {
  const events = messages.filter(({ eventId }) => eventId !== undefined)
  if (events.length > 0) await sql.$executeRawUnsafe(eventsSql, ...columnsOf(events.map((each) => [each, 1])))
  const hints = new Map<string, readonly [Received, number]>()
  for (const message of messages) {
    if (message.eventId !== undefined) continue
    const key = `${message.provider} ${message.resource}`
    hints.set(key, [message, (hints.get(key)?.[1] ?? 0) + 1])
  }
  if (hints.size > 0) await sql.$executeRawUnsafe(hintsSql, ...columnsOf([...hints.values()]))
  return messages.map(() => undefined)
}

const columnsOf = (rows: readonly (readonly [Received, number])[]): readonly (readonly unknown[])[] => [
  rows.map(([{ provider }]) => provider),
  rows.map(([{ eventId }]) => eventId ?? null),
  rows.map(([{ resource }]) => resource),
  rows.map(([{ what }]) => what),
  rows.map(([{ at }]) => at),
  rows.map(([{ dueAt }]) => dueAt),
  rows.map(([, seen]) => seen),
  rows.map(([{ captured }]) => (captured === undefined ? null : String(captured.minor))),
  rows.map(([{ captured }]) => captured?.currency ?? null),
]

const requeueSql = `update payments.inbox
  set next_at = $2::timestamptz, received_at = $2::timestamptz, tries = 0, ended_at = null, status = 'received'
  where id = $1::bigint`

const requeued = (id: string): Act => ({
  ...{ what: 'webhook.requeued', subjectId: id, before: { status: 'dead' }, after: { status: 'received' } },
})

export function postgresInbox(sql: PoolSql, wakeWorker: () => void): Inbox {
  const receive = groupCommit((messages: readonly Received[]) => receiveAll(sql, messages), {
    ...{ maxBatch: 50, inFlight: 1, isOutage: isDatabaseOutage },
  })
  return {
    async receive(message, at, dueAt = at) {
      await receive({ ...message, at, dueAt })
      wakeWorker()
    },
    async dead(limit) {
      const rows = await sql.$queryRawUnsafe<
        readonly (Omit<DeadMessage, 'eventId'> & { eventId: string | null })[]
      >(
        `select id::text as id, provider, event_id as "eventId", resource, what, error as reason, tries,
           received_at as "receivedAt"
         from payments.inbox where status = 'dead' order by id desc limit $1`,
        limit,
      )
      return rows.map((row) => ({ ...row, eventId: row.eventId ?? undefined }))
    },
    async requeue(id, at, trace) {
      // One that is not dead is left alone: whoever asks twice gets the same answer.
      const found = await sql.transaction(async (tx) => {
        const [row] = await tx.$queryRawUnsafe<readonly { readonly status: string }[]>(
          'select status from payments.inbox where id = $1::bigint for update',
          id,
        )
        if (row?.status !== 'dead') return row !== undefined
        await tx.$executeRawUnsafe(requeueSql, ...[id, at])
        if (trace) await recordActs(tx, trace, [requeued(id)])
        return true
      })
      if (found) wakeWorker()
      return found
    },
    async suspend({ provider, ref, amountMinor, currency }, at) {
      const added = await sql.$executeRawUnsafe(
        `insert into payments.suspense (provider, ref, amount_minor, currency, found_at)
         values ($1, $2, $3::bigint, $4, $5) on conflict do nothing`,
        ...[provider, ref, String(amountMinor), currency, at],
      )
      return added > 0
    },
    async countByStatus() {
      const rows = await sql.$queryRawUnsafe<readonly { readonly status: string; readonly count: bigint }[]>(
        `select status, count(*) as count from payments.inbox where status in ('received', 'dead') group by status`,
      )
      return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]))
    },
  }
}
