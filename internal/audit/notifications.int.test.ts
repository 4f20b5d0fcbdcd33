import t, { type Test } from 'tap'
import { newId } from '../platform/new-id.ts'
import { insertEvents, lawfulWorld, order, user } from './testing/lawful-world.ts'
import { violationsIn } from './testing/violations.ts'

// The invariants of messages to people, each seen to fail.

const [sent, entry, waiting] = [newId(), newId(), newId()]
const event = newId()

type Row = {
  readonly id: string
  readonly channel?: string
  readonly to?: readonly [type: string, id: string]
  readonly status: string
  readonly version?: number
  readonly lease?: string
}

const insert = ({
  id,
  channel = 'email',
  to = ['order', order],
  status,
  version = 0,
  lease,
}: Row): string => `
  insert into notifications.deliveries (id, event_id, kind, channel, recipient_type, recipient_id, refs, status, attempts,
    failure, revision, version, next_at, lease_until, correlation_id, traceparent, created_at, updated_at)
  values ('${id}', '${event}', 'order.confirmed', '${channel}', '${to[0]}', '${to[1]}', '{}', '${status}', 1, '', 3,
    ${version}, now(), ${lease ?? 'null'}, '', '', now(), now());`

const [endpoint, hook] = [newId(), newId()]

const insertHook = (id: string, due = 'now()'): string => `
  insert into notifications.webhook_deliveries (id, endpoint_id, event_id, aggregate_id, type, occurred_at, data, status,
    attempts, failure, next_at, revision, created_at, updated_at)
  values ('${id}', '${endpoint}', '${event}', 'a', 'order.created', now(), '{}', 'queued', 0, '', ${due}, 1, now(), now());`

const world = `
  insert into notifications.endpoints (id, url, events, signing_secrets, pause_reason, wanted_since, revision, version,
    created_at, updated_at)
  values ('${endpoint}', 'https://example.com/', '{order.*}', '[]', '', now(), 1, 0, now(), now() - interval '3 hours');
  ${insertHook(hook)}
  ${insert({ id: sent, status: 'sent', version: 1 })} ${insertEvents('notification', sent, ['notification.sent'])}
  ${insert({ id: entry, channel: 'feed', to: ['user', user], status: 'sent' })}`

async function violationsOf(t: Test, sql: string): Promise<Record<string, readonly string[]>> {
  const { url, sql: run } = await lawfulWorld(t)
  await run(world + sql)
  return violationsIn(url)
}

t.test('lawful messages have no violation', async (t) => {
  t.strictSame(await violationsOf(t, ''), {})
})

t.test('what waits for a paused endpoint, or for an earlier event, is not due', async (t) => {
  const old = `update notifications.webhook_deliveries set next_at = now() - interval '2 hours';`
  const pause = `update notifications.endpoints set paused_at = now(), pause_reason = 'staff'`
  t.strictSame(await violationsOf(t, old + pause), {})
})

const plants: readonly { name: string; sql: string; violated: Record<string, RegExp> }[] = [
  {
    name: 'a mail that was queued twice',
    sql: `drop index notifications.deliveries_event_id_channel_recipient_id_kind_key;
      ${insert({ id: waiting, status: 'queued' })}`,
    violated: {
      'deliveries-once': new RegExp(`event ${event} has 2 deliveries of order.confirmed by email to order`),
    },
  },
  {
    name: 'a mail that nobody sends any more',
    sql: `update notifications.deliveries set status = 'sending', lease_until = now() - interval '2 minutes', version = 0
        where id = '${sent}'; delete from producer.outbox where aggregate_id = '${sent}'`,
    violated: { 'deliveries-end': new RegExp(`${sent} is being sent although its lease has ended`) },
  },
  {
    name: 'a mail that was sent and is unknown to its events',
    sql: `update notifications.deliveries set version = 0 where id = '${sent}';
      delete from producer.outbox where aggregate_id = '${sent}'`,
    violated: { 'deliveries-told': new RegExp(`${sent} is sent, and no event has told it`) },
  },
  {
    name: 'a mail that was sent and waits to be sent again',
    sql: `update notifications.deliveries set status = 'queued' where id = '${sent}'`,
    violated: {
      'deliveries-told': new RegExp(`${sent} is queued, and its last event says notification.sent`),
    },
  },
  {
    name: 'a mail whose events say something else',
    sql: `update notifications.deliveries set status = 'failed' where id = '${sent}'`,
    violated: { 'deliveries-told': /is failed, and its last event says notification.sent/ },
  },
  {
    name: 'a mail to the buyer of nothing',
    sql: `update notifications.deliveries set recipient_id = '${newId()}' where id = '${sent}'`,
    violated: { 'deliveries-of-something': /is for the buyer of order .*, which does not exist/ },
  },
  {
    name: 'an event that an endpoint gets twice',
    sql: `drop index notifications.webhook_deliveries_event_id_endpoint_id_key; ${insertHook(newId())}`,
    violated: { 'webhooks-once': new RegExp(`event ${event} has 2 deliveries to endpoint ${endpoint}`) },
  },
  {
    name: 'an event that nobody sends to its endpoint',
    sql: `update notifications.webhook_deliveries set next_at = now() - interval '2 hours'`,
    violated: { 'webhooks-sent': new RegExp(`delivery ${hook} to endpoint ${endpoint} is due since`) },
  },
  {
    name: 'events of a message that does not exist',
    sql: insertEvents('notification', waiting, ['notification.sent']),
    violated: { 'events-of-something': new RegExp(`notification ${waiting} has events, but does not exist`) },
  },
]

for (const { name, sql, violated } of plants) {
  t.test(`names ${name}`, async (t) => {
    const found = await violationsOf(t, sql)
    for (const [invariant, offender] of Object.entries(violated))
      t.match(found[invariant]?.join('\n'), offender, invariant)
  })
}
