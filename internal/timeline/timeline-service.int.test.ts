import t from 'tap'
import { canceled, insertUnpublished, order, rejected, separateWorld } from '../audit/testing/lawful-world.ts'
import { newId } from '../platform/new-id.ts'
import { readOrderTimeline } from './timeline-service.ts'

const { urls, sql } = await separateWorld(t)
const read = readOrderTimeline(urls)
const [payment, refund, receipt] = [newId(), newId(), newId()]

// Rows and their events are of one moment, as the services store them.
for (const table of ['orders', 'shipments', 'returns'])
  await sql.order(`
    update orders.${table} r set history =
      (select jsonb_agg(h || jsonb_build_object('at', r.created_at)) from jsonb_array_elements(r.history) h)`)

const namesOf = async (id: string): Promise<readonly string[]> =>
  (await read(id)).entries.map(({ source, what }) => `${source} ${what}`)
const waitsOf = async (id: string): Promise<readonly string[]> =>
  (await read(id)).waits.map(({ what }) => what)

t.test('goods are told by the order, its parcels and the stock, and no event is missing', async (t) => {
  const { status, entries, missingEvents } = await read(order)
  t.equal(status, 'confirmed')
  t.equal(missingEvents, 0)
  const names = entries.map(({ source, what }) => `${source} ${what}`)
  for (const name of [
    ...['order order.created', 'order order.confirmed', 'order shipment.packed', 'order shipment.delivered'],
    ...[
      'order return.received',
      'inventory stock.reserve',
      'inventory stock.return',
      'inventory stock.write-off',
    ],
    ...['broker stock.reserved', 'broker stock.returned'],
  ])
    t.ok(names.includes(name), name)
  t.match(
    entries.find(({ what }) => what === 'order.confirmed'),
    { detail: { status: 'confirmed', published: 'true' } },
  )
  t.same(await waitsOf(order), ['payment', 'carrier-takes-parcel'])
})

t.test('of the orders of others nothing is told', async (t) => {
  t.same((await namesOf(rejected)).toSorted(), [
    'broker stock.rejected',
    'order order.created',
    'order order.rejected',
  ])
  t.same(await waitsOf(rejected), [])
  await t.rejects(read(newId()), { code: 'order.not-found' })
})

t.test('an event that the broker does not have is waited for', async (t) => {
  await sql.order(insertUnpublished(`aggregate_id = '${canceled}' and subject = 'order.canceled'`))
  t.match((await read(canceled)).waits, [{ what: 'broker', detail: { attempts: '0' } }])
})

t.test('events that are not kept any more are counted', async (t) => {
  await sql.inventory(`delete from producer.outbox where aggregate_id = '${rejected}'`)
  t.equal((await read(rejected)).missingEvents, 1)
})

t.test('money is told with what was asked of its provider, and by whom it is waited for', async (t) => {
  await sql.payment(`
    insert into payments.gates (order_id, status, reason, due_minor, currency, capture, keep_minor, keeps_money,
      closed_covered, lines, version, created_at, updated_at)
      values ('${order}', 'open', '', 750, 'USD', 'at-once', 0, false, false, '[]', 0, now(), now());
    insert into payments.payments (id, order_id, provider, method, status, amount_minor, currency, ref, token, return_url,
      client, capture, is_cancelable, is_superseded, action_url, created_at, updated_at)
      values ('${payment}', '${order}', 'stripe', 'card', 'captured', 750, 'USD', 'pi_1', '', '', '', 'at-once', true, false,
        '', now(), now());
    insert into payments.entries values ('${payment}', 'captured', 'ch_1', '${order}', 'stripe', 1, 'ch_1', 750, 'USD', now());
    insert into payments.refunds (id, order_id, payment_id, status, amount_minor, credit_minor, lines, reason, cause, refs,
      created_at, updated_at)
      values ('${refund}', '${order}', '${payment}', 'failed', 100, 0, '[]', 'damaged', '', '[]', now(), now());
    insert into payments.operations (id, order_id, payment_id, refund_id, kind, status, amount_minor, is_final, attempt,
      first_tried_at, last_tried_at, tries, next_at, error)
      values ('${refund}', '${order}', '${payment}', '${refund}', 'refund', 'staff', 100, false, 1, now(), now(), 4, now(),
        'the provider does not say');
    insert into payments.inbox (provider, event_id, resource, what, status, next_at, received_at) values
      ('stripe', 'evt_1', 'pi_1', 'charge.refunded', 'dead', now(), now()),
      ('stripe', 'evt_2', 'pi_of_another', 'charge.refunded', 'done', now(), now());
    insert into payments.receipt_series values ('R', 1);
    insert into payments.receipts (id, kind, series, number, order_id, cause, currency, tax_minor, total_minor, body, issued_at)
      values ('${receipt}', 'receipt', 'R', 1, '${order}', 'order:${order}', 'USD', 0, 750, '{}', now())`)
  const { entries, waits } = await read(order)
  t.match(
    entries
      .filter(({ source }) => source === 'payment' || source === 'provider')
      .map(({ what }) => what)
      .toSorted(),
    [
      'asked.refund',
      'money.captured',
      'payment.initiated',
      'receipt.issued',
      'refund.requested',
      'webhook.received',
    ],
  )
  t.match(
    waits
      .filter(({ what }) => what.startsWith('staff'))
      .map(({ what, detail }) => [what, detail])
      .toSorted(),
    [
      ['staff-decides-about-money', { kind: 'refund', tries: '4', error: 'the provider does not say' }],
      ['staff-decides-about-refund', { amountMinor: '100' }],
      ['staff-looks-at-webhook', { tries: '0' }],
    ],
  )
})

t.test('what was told of it, given up and done by hand goes with its events', async (t) => {
  const { rows } = await sql.order(
    `select id from producer.outbox where aggregate_id = '${order}' and subject = 'order.created'`,
  )
  const { id: eventId } = rows[0] as { readonly id: string }
  const [letter, resolved, endpoint] = [newId(), newId(), newId()]
  await sql.consumer(`
    insert into consumer.dead_letters (id, subscription, message_key, stream, stream_sequence, subject, event_id, status, code,
      error, deliveries, data, headers, dead_at, resolved_at)
      values ('${letter}', 'settle-created', 'k1', 'ORDERS', 1, 'order.created', '${eventId}', 'open', 'message.not-json', '',
          1, '', '[]', now(), null),
        ('${resolved}', 'tell-created', 'k2', 'ORDERS', 1, 'order.created', '${eventId}', 'discarded', 'message.not-json', '',
          1, '', '[]', now(), now())`)
  await sql.notification(`
    insert into notifications.deliveries (id, event_id, kind, channel, recipient_type, recipient_id, refs, status, attempts,
      failure, revision, version, next_at, correlation_id, traceparent, created_at, updated_at)
      values ('${newId()}', '${eventId}', 'order.placed', 'email', 'order', '${order}', '{}', 'unknown', 1, 'closed', 1, 1,
        now(), '', '', now(), now()),
        ('${newId()}', '${eventId}', 'order.hold-ending', 'email', 'order', '${order}', '{}', 'queued', 0, '', 1, 1,
        now() + interval '10 minutes', '', '', now(), now());
    insert into notifications.endpoints (id, url, events, signing_secrets, pause_reason, wanted_since, revision, version,
      created_at, updated_at) values ('${endpoint}', 'https://shop.example', '{order.*}', '[{}]', '', now(), 1, 1, now(), now());
    insert into notifications.webhook_deliveries (id, endpoint_id, event_id, aggregate_id, type, occurred_at, data, status,
      attempts, failure, next_at, revision, created_at, updated_at)
      values ('${newId()}', '${endpoint}', '${eventId}', '${order}', 'tillstream.order.created.v1', now(), '{}', 'queued', 3,
        'http-500', now(), 1, now(), now())`)
  await sql.order(`
    insert into producer.activity (id, at, actor_kind, actor_id, what, subject_id, before, after, reason, address,
      correlation_id) values ('${newId()}', now(), 'user', '${newId()}', 'order.canceled', '${order}', '{}', '{}', 'asked to',
        '', 'r-7')`)
  const names = await namesOf(order)
  for (const name of [
    ...['delivery dead_letter.added', 'delivery dead_letter.discarded', 'message email.order.placed'],
    ...[
      'message webhook.tillstream.order.created.v1',
      'message email.order.hold-ending',
      'staff order.canceled',
    ],
  ])
    t.ok(names.includes(name), name)
  const waits = await waitsOf(order)
  for (const name of ['staff-looks-at-dead-letter', 'staff-decides-about-message', 'message-sent'])
    t.equal(waits.filter((what) => what === name).length, 1, name)
})

t.test('it says when a database is away', async (t) => {
  const away = readOrderTimeline({ ...urls, order: 'postgresql://nobody@127.0.0.1:9/none' })
  await t.rejects(away(order), { kind: 'unavailable', code: 'database.unavailable' })
})
