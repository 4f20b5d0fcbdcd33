import pg from 'pg'
import t, { type Test } from 'tap'
import { newId } from '../platform/new-id.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { violationsIn } from './testing/violations.ts'

const [order, payment, refund] = [newId(), newId(), newId()]

/** An order of 100 that was paid and of which 10 were given back. */
const lawful = `
  insert into payments.gates (order_id, status, reason, due_minor, currency, capture, keep_minor, keeps_money,
    closed_covered, lines, version, created_at, updated_at)
  values ('${order}', 'open', '', 100, 'EUR', 'at-once', 0, false, false, '[]', 0, now(), now());
  insert into payments.payments (id, order_id, provider, method, status, amount_minor, currency, ref, token, return_url,
    client, capture, is_cancelable, is_superseded, action_url, created_at, updated_at)
  values ('${payment}', '${order}', 'fake', 'card', 'captured', 100, 'EUR', 'pi_1', '', '', '', 'at-once', true, false,
    '', now(), now());
  insert into payments.operations (id, order_id, payment_id, refund_id, kind, status, amount_minor, is_final, attempt,
    tries, next_at, error)
  values ('${newId()}', '${order}', '${payment}', null, 'create', 'done', 100, true, 1, 1, now(), ''),
    ('${refund}', '${order}', '${payment}', '${refund}', 'refund', 'done', 10, true, 1, 1, now(), '');
  insert into payments.refunds (id, order_id, payment_id, status, amount_minor, credit_minor, lines, reason, cause, refs,
    created_at, updated_at)
  values ('${refund}', '${order}', '${payment}', 'succeeded', 10, 10, '[]', '', '', '{}', now(), now());
  insert into payments.entries (payment_id, kind, key, order_id, provider, seq, ref, amount_minor, currency, at)
  values ('${payment}', 'captured', 'ch_1:100', '${order}', 'fake', 1, 'ch_1', 100, 'EUR', now()),
    ('${payment}', 'refunded', 're_1', '${order}', 'fake', 2, 're_1', 10, 'EUR', now());
  insert into payments.inbox (provider, resource, what, status, next_at, received_at)
  values ('fake', 'pi_1', '', 'received', now(), now());`

async function violationsOf(t: Test, sql: string): Promise<Record<string, readonly string[]>> {
  const { url } = await testDatabase(t)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(lawful + sql).finally(() => client.end())
  return violationsIn(url, [])
}

t.test('a lawful payment has no violation', async (t) => {
  t.strictSame(await violationsOf(t, ''), {})
})

/** The order itself, as it is when it has been told of its money. */
const told = (status: string, gateVersion = 1): string => `
  update payments.gates set version = 1;
  insert into orders.orders (id, user_id, status, total_minor, currency, version, history, created_at, updated_at,
    payment_status, gate_version)
  values ('${order}', '${newId()}', 'paid', 100, 'EUR', 3,
    '[{"status": "pending"}, {"status": "confirmed"}, {"status": "paid", "at": "${new Date().toISOString()}"}]',
    now(), now(), '${status}', ${gateVersion});
  insert into orders.order_lines (order_id, line_no, product_id, sku, name, quantity, unit_price_minor)
  values ('${order}', 1, '${newId()}', '', '', 1, 100);`

t.test("an order says what its account says, or the word of an earlier version's admin", async (t) => {
  const rest = ['orders-and-stock']
  const found = async (sql: string) =>
    Object.entries(await violationsOf(t, sql)).filter(([name]) => !rest.includes(name))
  t.same(await found(told('partially_refunded')), [])
  t.same(await found(told('paid', 0)), [], 'the news may be on its way')
  t.same(await found(`${told('paid', -1)} update payments.gates set version = 0`), [])
  const late = `${told('paid', 0)} update payments.gates set updated_at = now() - interval '61 s'`
  for (const sql of [told('paid'), late, told('unpaid')])
    t.match(await found(sql), [
      ['orders-and-money', [/is called .*paid, but its account is partially_refunded/]],
    ])
  const word = `${told('paid', 0)} delete from payments.entries; delete from payments.operations;
    delete from payments.refunds; delete from payments.payments; delete from payments.gates;`
  t.match(await found(word), [['orders-and-money', [/is called paid, but its account is empty/]]])
  const short = `${told('paid')} update payments.gates set lines = '[{"totalMinor": "100", "shortMinor": "40", "returnedMinor": "0"}]';
    update payments.entries set amount_minor = 60 where kind = 'captured';
    delete from payments.entries where kind = 'refunded'; update payments.refunds set status = 'canceled'`
  t.same(await found(short), [], 'what was short is not due')
  const byHand = `${told('refunded')} update payments.refunds set status = 'settled_manually', amount_minor = 90,
    credit_minor = 90; update payments.entries set amount_minor = 10 where kind = 'refunded'`
  t.match(
    (await found(byHand)).find(([name]) => name === 'orders-and-money'),
    undefined,
    'what staff have paid back counts',
  )
})

t.test('an order is flagged as long as staff have to look at its money', async (t) => {
  const found = async (sql: string) =>
    (await violationsOf(t, told('partially_refunded') + sql))['orders-flagged']
  const dispute = (state: string, seq: number): string => `
    insert into payments.entries (payment_id, kind, key, order_id, provider, seq, ref, amount_minor, currency, at)
    values ('${payment}', 'dispute', 'dp_1:${state}:100', '${order}', 'fake', ${seq}, 'dp_1', 100, 'EUR', now());`
  const flagged = (flag: string): string => `update orders.orders set flags = '{${flag}}';`
  t.match(await found(dispute('opened', 3)), [/is flagged {}, but should be {dispute}/])
  t.equal(await found(dispute('opened', 3) + flagged('dispute')), undefined)
  t.equal(await found(dispute('opened', 3) + dispute('won', 4)), undefined, 'it has ended')
  t.equal(await found(dispute('inquiry', 3)), undefined, 'nobody has asked for the money yet')
  const foreign = `update payments.entries set currency = 'USD' where kind = 'captured';`
  t.match(await found(foreign), [/should be {review}/])
  t.match(await found(flagged('review')), [/is flagged {review}, but should be {}/])
})

t.test('an order was covered when it became paid', async (t) => {
  const became = (when: string): string => `
    ${told('partially_refunded')} update orders.orders set history = jsonb_set(history, '{2,at}', to_jsonb(${when}));`
  const found = async (sql: string) => (await violationsOf(t, sql))['paid-was-covered']
  t.equal(await found(became('now()')), undefined)
  t.match(await found(became(`now() - interval '21 min'`)), [/became paid at .*, when 0 of 100 were covered/])
  const authorized = `update payments.entries set kind = 'authorized' where kind = 'captured';`
  t.equal(await found(became('now()') + authorized), undefined, 'authorized money covers it')
  const part = `update payments.entries set amount_minor = 99 where kind = 'captured';`
  t.match(await found(became('now()') + part), [/when 99 of 100 were covered/])
  const short = `update payments.gates set lines = '[{"totalMinor": "100", "shortMinor": "1", "returnedMinor": "0"}]';`
  t.equal(await found(became('now()') + part + short), undefined, 'what was short is not due')
  const otherMoney = `update payments.entries set currency = 'USD';`
  t.match(await found(became('now()') + otherMoney), [/when 0 of 100/])
  const free = `update payments.gates set due_minor = 0; delete from payments.entries;`
  t.equal(await found(became('now()') + free), undefined, 'zero is covered at once')
})

const plants: readonly { name: string; sql: string; violated: Record<string, RegExp> }[] = [
  {
    name: 'a payment that took money and is called failed',
    sql: `update payments.payments set status = 'failed'`,
    violated: { 'payments-and-entries': /is failed, but took 100/ },
  },
  {
    name: 'a refund that no provider knows of',
    sql: `delete from payments.entries where kind = 'refunded'`,
    violated: { 'refunds-and-entries': /gave back 0, but its refunds say 10/ },
  },
  {
    name: 'more ordered back than was taken',
    sql: `update payments.refunds set amount_minor = 101, credit_minor = 101, status = 'requested';
      delete from payments.entries where kind = 'refunded'`,
    violated: { 'refunds-within-captures': /took 100, and is to give back 101/ },
  },
  {
    name: 'money on a dead order',
    sql: `update payments.gates set status = 'closed'`,
    violated: { 'too-much-goes-back': /is closed and keeps 90/ },
  },
  {
    name: 'more kept than was due',
    sql: `update payments.gates set due_minor = 80`,
    violated: { 'too-much-goes-back': /is open and keeps 90/ },
  },
  {
    name: 'more of a line not owed than there is',
    sql: `update payments.gates set lines = '[{"totalMinor": "100", "shortMinor": "60", "returnedMinor": "50"}]',
        keeps_money = true`,
    violated: {
      'too-much-goes-back': /is open and keeps 90/,
      'goods-within-lines': /does not owe 60 and 50 of a line of 100/,
    },
  },
  {
    name: 'money kept for goods that came back',
    sql: `update payments.gates set lines = '[{"totalMinor": "100", "shortMinor": "20", "returnedMinor": "0"}]'`,
    violated: { 'too-much-goes-back': /is open and keeps 90/ },
  },
  {
    name: 'money of a closed order kept for goods that came back',
    sql: `update payments.gates set status = 'closed', keep_minor = 90,
        lines = '[{"totalMinor": "100", "shortMinor": "0", "returnedMinor": "20"}]'`,
    violated: { 'too-much-goes-back': /is closed and keeps 90/ },
  },
  {
    name: 'a refund by hand without its reference',
    sql: `update payments.refunds set status = 'settled_manually'; delete from payments.entries where kind = 'refunded'`,
    violated: { 'refunds-by-hand': /is settled_manually under the reference ""/ },
  },
  {
    name: 'more kept on purpose than the order cost',
    sql: `update payments.gates set status = 'closed', keeps_money = true, due_minor = 80`,
    violated: { 'too-much-goes-back': /is closed and keeps 90/ },
  },
  {
    name: 'money that nobody had asked for',
    sql: `delete from payments.operations where kind = 'create'`,
    violated: { 'intent-before-money': /took money that nobody had asked a provider for/ },
  },
  {
    name: 'a message that nobody handles',
    sql: `update payments.inbox set received_at = now() - interval '61 minutes'`,
    violated: { 'provider-messages-end': /has waited since/ },
  },
]

for (const { name, sql, violated } of plants) {
  t.test(`${name} is told`, async (t) => {
    const found = await violationsOf(t, sql)
    t.strictSame(Object.keys(found), Object.keys(violated))
    for (const [check, words] of Object.entries(violated)) t.match(found[check]?.join(), words)
  })
}

t.test('late money that waits, and money that was kept on purpose, are lawful', async (t) => {
  const closed = `update payments.gates set status = 'closed'`
  t.strictSame(await violationsOf(t, `${closed}, late_until = now()`), {})
  t.strictSame(await violationsOf(t, `${closed}, keeps_money = true`), {})
  t.strictSame(await violationsOf(t, `${closed}, keep_minor = 90`), {})
})
