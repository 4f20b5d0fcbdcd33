import { isWanted } from '../../../internal/notification/domain/webhook-events.ts'
import { streamOf } from '../../../internal/platform/streams.ts'
import { query, withClient } from '../../shared/database.ts'
import { until } from '../../shared/wait.ts'
import type { Messages } from './open-messages.ts'
import type { HookCall } from './receiver.ts'
import { mailsOf, type OutboxEvent } from './mails-of.ts'

/** A message that follows from an event. */
export type ExpectedMail = { readonly event: string; readonly kind: string }

export type EndMail = ExpectedMail & {
  readonly id: string
  readonly status: string
  readonly failure: string
  /** Whoever it was for was erased meanwhile. */
  readonly isOfErased: boolean
}

/** An event that an endpoint wants. */
export type WantedEvent = {
  readonly endpoint: string
  readonly event: string
  readonly type: string
  /** What the events of one order, payment and so on in one stream have in common. Their versions are in order. */
  readonly line: string
  readonly version: number
}

/** What follows from the events at the end, and what has become of it. */
export type EndMessages = {
  readonly expectedMails: readonly ExpectedMail[]
  readonly mails: readonly EndMail[]
  /** The ids of the mails that have arrived, as often as they have. */
  readonly arrived: readonly string[]
  readonly wanted: readonly WantedEvent[]
  readonly calls: readonly HookCall[]
}

const outboxSql = `
  select id, subject, data, aggregate_id as aggregate, aggregate_version as version, occurred_at as at
  from producer.outbox order by seq`
const mailsSql = `
  select id, event_id as event, kind, status, failure,
    recipient_id in (select user_id from users.erasures) as "isOfErased"
  from notifications.deliveries where channel = 'email'`
const endpointsSql = `
  select substring(url from '[^/]*$') as name, events, created_at as "createdAt" from notifications.endpoints`
const waitingSql = `
  select ((select count(*) from notifications.deliveries where status in ('queued', 'sending'))
    + (select count(*) from notifications.webhook_deliveries where status = 'queued'))::int as waiting`

type EndpointRow = { readonly name: string; readonly events: readonly string[]; readonly createdAt: Date }

export async function readEndMessages(databaseUrl: string, to: Messages): Promise<EndMessages> {
  return withClient(databaseUrl, async (client) => {
    const outbox = (await client.query<OutboxEvent>(outboxSql)).rows
    const endpoints = (await client.query<EndpointRow>(endpointsSql)).rows
    const { rows: mails } = await client.query<EndMail>(mailsSql)
    return {
      expectedMails: outbox.flatMap((event) => mailsOf(event).map((kind) => ({ event: event.id, kind }))),
      mails,
      arrived: await to.inbox.messageIds(),
      wanted: endpoints.flatMap((endpoint) => outbox.flatMap((event) => wantedBy(endpoint, event))),
      calls: to.receiver.calls(),
    }
  })
}

/** An endpoint gets what happens after it was made. */
function wantedBy({ name, events, createdAt }: EndpointRow, event: OutboxEvent): readonly WantedEvent[] {
  const { id, subject, aggregate, version, at } = event
  if (at < createdAt || !isWanted(events, subject)) return []
  return [{ endpoint: name, event: id, type: subject, line: `${streamOf(subject)} ${aggregate}`, version }]
}

/** Webhooks that have failed a few times wait for minutes, and so does what a wrong clock has put off. */
const withinMs = 900_000

/** Returns how long it took until there was a row for each expected mail and nothing was still to be sent. */
export async function messagesComeToRest(databaseUrl: string, to: Messages): Promise<number | undefined> {
  const startedAt = performance.now()
  const isAtRest = async (): Promise<boolean> => {
    // All that is stored is read only when nothing waits any more.
    const [row] = await query<{ waiting: number }>(databaseUrl, waitingSql)
    if (row?.waiting !== 0) return false
    const { expectedMails, mails, wanted, calls } = await readEndMessages(databaseUrl, to)
    const taken = new Set(calls.flatMap((call) => (call.isTaken ? [`${call.endpoint} ${call.event}`] : [])))
    const areTaken = wanted.every(({ endpoint, event }) => taken.has(`${endpoint} ${event}`))
    return areTaken && mails.length >= expectedMails.length
  }
  const hasCome = await until(isAtRest, { withinMs, everyMs: 2_000 })
  return hasCome && Math.round(performance.now() - startedAt)
}
