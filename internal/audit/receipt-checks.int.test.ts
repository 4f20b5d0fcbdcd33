import t, { type Test } from 'tap'
import { newId } from '../platform/new-id.ts'
import { insertEvents, lawfulWorld, order } from './testing/lawful-world.ts'
import { violationsIn } from './testing/violations.ts'

const [payment, refund, receipt, note] = [newId(), newId(), newId(), newId()]
const taxes = (net: number, tax: number): string =>
  JSON.stringify({ taxes: [{ ratePpm: 250_000, netMinor: String(net), taxMinor: String(tax) }] })

/** The world's order is paid for, has its receipt, and 250 of its 750 were given back. */
const paid = `
  update orders.orders set status = 'paid', version = 3, money_taken = true, has_receipt = true, gate_version = 4,
    updated_at = now() - interval '2 minutes',
    history = history || jsonb_build_object('status', 'paid', 'at', now(), 'reason', '') where id = '${order}';
  ${insertEvents('order', order, ['order.paid'], 3)}
  insert into payments.gates (order_id, status, reason, due_minor, currency, capture, keep_minor, keeps_money,
    closed_covered, lines, version, created_at, updated_at)
  values ('${order}', 'open', '', 750, 'USD', 'at-once', 0, false, false, '[]', 0, now(), now());
  insert into payments.payments (id, order_id, provider, method, status, amount_minor, currency, ref, token, return_url,
    client, capture, is_cancelable, is_superseded, action_url, created_at, updated_at)
  values ('${payment}', '${order}', 'offline', 'invoice', 'captured', 750, 'USD', null, '', '', '', 'at-once', true,
    false, '', now(), now());
  insert into payments.refunds (id, order_id, payment_id, status, amount_minor, credit_minor, lines, reason, cause, refs,
    created_at, updated_at)
  values ('${refund}', '${order}', '${payment}', 'succeeded', 250, 250, '[]', '', '', '{}', now(), now());
  insert into payments.entries (payment_id, kind, key, order_id, provider, seq, ref, amount_minor, currency, at)
  values ('${payment}', 'captured', 'bank-1', '${order}', 'offline', 1, 'bank-1', 750, 'USD', now()),
    ('${payment}', 'refunded', 're_1', '${order}', 'offline', 2, 're_1', 250, 'USD', now());
  insert into payments.receipt_series values ('R', 1), ('C', 1);
  insert into payments.receipts values
    ('${receipt}', 'receipt', 'R', 1, '${order}', null, 'order:${order}', null, null, 'USD', 150, 750,
      '${taxes(600, 150)}', null, now()),
    ('${note}', 'credit-note', 'C', 1, '${order}', null, 'refund:${refund}', '${receipt}', '${refund}', 'USD', 50, 250,
      '${taxes(200, 50)}', null, now());
  ${insertEvents('receipt', receipt, ['receipt.issued'])}
  ${insertEvents('receipt', note, ['receipt.issued'])}
  alter table payments.receipts disable trigger user;`

async function violationsOf(t: Test, sql: string): Promise<Record<string, readonly string[]>> {
  const world = await lawfulWorld(t)
  await world.sql(paid + sql)
  return violationsIn(world.url)
}

t.test('a lawful receipt with its credit note has no violation', async (t) => {
  t.strictSame(await violationsOf(t, ''), {})
})

const withoutEvents = (id: string): string => `delete from producer.outbox where aggregate_id = '${id}';`
const withoutNote = `delete from payments.receipts where id = '${note}'; ${withoutEvents(note)}
  update payments.receipt_series set last = 0 where series = 'C';`
const withoutDocuments = `${withoutNote} delete from payments.receipts; ${withoutEvents(receipt)}
  update payments.receipt_series set last = 0;`

const plants: readonly { name: string; sql: string; violated: Record<string, RegExp> }[] = [
  {
    name: 'an order that is paid for and has no receipt',
    sql: withoutDocuments,
    violated: { 'receipts-of-orders': /is paid and paid for, and has no receipt/ },
  },
  {
    name: 'a receipt for an order that was never paid for',
    sql: `update orders.orders set history = history - 2, status = 'confirmed', version = 2 where id = '${order}';
      delete from producer.outbox where aggregate_id = '${order}' and aggregate_version = 3 and aggregate_type = 'order'`,
    violated: { 'receipts-of-orders': /is confirmed and was never paid for/ },
  },
  {
    name: 'a receipt for no order',
    sql: `update payments.receipts set order_id = '${newId()}' where id = '${receipt}'`,
    violated: {
      'receipts-of-orders': /has no receipt.*which does not exist/s,
      'credit-notes': /is for receipt .* of order/,
    },
  },
  {
    name: 'a gap between numbers',
    sql: `update payments.receipts set number = 2 where id = '${receipt}'`,
    violated: {
      'receipt-numbers': /series R has 1 documents, numbers from 2 to 2, and says that its last one is 1/,
    },
  },
  {
    name: 'a number that nobody has',
    sql: `update payments.receipt_series set last = 2 where series = 'R'`,
    violated: { 'receipt-numbers': /series R has 1 documents, .* its last one is 2/ },
  },
  {
    name: 'a refund without a credit note',
    sql: withoutNote,
    violated: { 'credit-notes': /comes to 750, of which 250 is gone, and 0 is credited/ },
  },
  {
    name: 'a credit note for more than its refund',
    sql: `update payments.receipts set total_minor = 251 where id = '${note}'`,
    violated: { 'credit-notes': /of which 250 is gone, and 251 is credited.*gave 250 of order/s },
  },
  {
    name: 'more tax credited than was receipted',
    sql: `update payments.receipts set body = '${taxes(99, 151)}' where id = '${note}'`,
    violated: { 'credit-notes': /has 600 and tax of 150 at 250000 ppm, and 99 and 151 of it are credited/ },
  },
  {
    name: 'a credit note for another currency',
    sql: `update payments.receipts set currency = 'EUR' where id = '${note}'`,
    violated: { 'credit-notes': /is for receipt/ },
  },
]

for (const { name, sql, violated } of plants) {
  t.test(`${name} is told`, async (t) => {
    const found = await violationsOf(t, sql)
    t.strictSame(Object.keys(found).sort(), Object.keys(violated).sort())
    for (const [check, words] of Object.entries(violated)) t.match(found[check]?.join('\n'), words)
  })
}

t.test('what is on its way is lawful', async (t) => {
  const just = `update orders.orders set updated_at = now(), has_receipt = false;`
  t.strictSame(await violationsOf(t, withoutDocuments + just), {}, 'an order that has just been paid for')
  const failed = `update payments.refunds set status = 'failed';
    insert into payments.entries values ('${payment}', 'refund_failed', 're_1', '${order}', 'offline', 3, 're_1', 250, 'USD', now());`
  t.strictSame(await violationsOf(t, failed), {}, 'a refund that failed after all')
  const dead = `update orders.orders set history = history || '{"status": "canceled", "at": "2026-01-01T00:00:00Z",
    "reason": ""}', status = 'canceled', version = 4 where id = '${order}';
    update payments.gates set status = 'closed', keeps_money = true;
    ${insertEvents('order', order, ['order.canceled'], 4)}`
  const found = Object.keys(await violationsOf(t, dead))
  t.notOk(
    found.some((name) => ['receipts-of-orders', 'credit-notes'].includes(name)),
    'an order that ended later',
  )
})
