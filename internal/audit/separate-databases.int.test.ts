import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, headers } from '@nats-io/transport-node'
import t from 'tap'
import { newId } from '../platform/new-id.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { testNats } from '../platform/testing/nats-server.ts'
import { runAudit } from './audit-service.ts'
import { aggregates } from '../services.ts'
import { databasesOf } from './domain/databases.ts'
import type { OutboxEvents } from './domain/judge-streams.ts'
import { withPgSnapshots } from './infrastructure/snapshot.ts'
import {
  insertEvents,
  insertUnpublished,
  order,
  product,
  rejected,
  separateWorld,
} from './testing/lawful-world.ts'

/** Made once, because migrating six databases takes long: the tests that leave something behind come last. */
const { urls, sql } = await separateWorld(t)

const auditOf = async (databases: Readonly<Record<string, string>>) =>
  (await runAudit({ aggregates, databases, nats: undefined })).invariants

const apart = 'because order and inventory are not in one database'

t.test('every database is looked at, and what would compare two of them is told as not judged', async (t) => {
  const found = await auditOf(urls)
  const withStock = 'skipped: orders were not compared with their reservations'
  const withGoods = 'skipped: what came back was not compared with what was booked'
  const withParcels = 'skipped: goods of shipments that were sent again were not compared with the stock'
  const withLines = 'skipped: what is held was not compared with what was ordered'
  const withUnits =
    'skipped: units that are not owed were not compared with the accounts, because order and payment are not in one database'
  const withMoney =
    'skipped: what orders say of their money was not compared with their accounts, because order and payment are not in one database'
  const withFlags =
    'skipped: flags of orders were not compared with their accounts, because order and payment are not in one database'
  const withPaid =
    'skipped: orders that became paid were not compared with their accounts, because order and payment are not in one database'
  const withReceipts = 'skipped: orders were not compared with their receipts'
  const apartFromPayment = 'because order and payment are not in one database'
  const withPromotions =
    'skipped: orders were not compared with the promotions that they redeem, because order and pricing are not in one database'
  const withCarts =
    'skipped: carts were not compared with the orders that were made of them, because cart and order are not in one database'
  const withBuyers =
    'skipped: messages were not compared with their orders, because notification and order are not in one database'
  const withPeople = ['order', 'cart', 'payment', 'pricing', 'notification'].map(
    (service) =>
      `skipped: what is stored was not compared with the people who were erased, because user and ${service} are not in one database`,
  )
  const withCatalogue =
    'skipped: the search index was not compared with the catalogue, because search and inventory are not in one database'
  const withGates =
    'skipped: orders were not compared with their gates, because order and payment are not in one database'
  t.strictSame(
    found
      .slice(0, -2)
      .map(({ name, checked, violations, offenders }) => [name, checked, violations, offenders]),
    [
      ['order-histories', 3, 0, []], ['orders-and-stock', 0, 0, [`${withStock}, ${apart}`]], ['settled-in-time', 1, 0, []],
      ['order-totals', 3, 0, []], ['idempotency-keys', 3, 0, []], ['shipments-and-returns', 2, 0, []],
      ['returned-goods', 0, 0, [`${withGoods}, ${apart}`]],
      ['resent-shipments', 0, 0, [`${withParcels}, ${apart}`]], ['stock-and-ledger', 1, 0, []],
      ['reservations-and-ledger', 2, 0, [`${withLines}, ${apart}`]], ['movements-once', 5, 0, []],
      ['category-tree', 1, 0, []], ['products-in-categories', 1, 0, []], ['attributes-of-products', 0, 0, []], ['products-in-families', 0, 0, []], ['sold-out', 1, 0, []],
      ['index-and-catalogue', 0, 0, [withCatalogue]],
      ['product-images', 0, 0, []],
      ['redemptions-and-limits', 1, 0, []], ['redemptions-and-holds', 3, 0, []],
      ['orders-and-redemptions', 0, 0, [withPromotions]],
      ['carts-live', 0, 0, []], ['cart-lines', 0, 0, []], ['carts-merged', 0, 0, []],
      ['checkout-terms', 0, 0, []], ['checkouts-followed-up', 0, 0, []],
      ['carts-and-orders', 0, 0, [withCarts]],
      ['payments-and-entries', 0, 0, []], ['refunds-and-entries', 0, 0, []], ['refunds-within-captures', 0, 0, []],
      ['too-much-goes-back', 0, 0, []], ['goods-within-lines', 0, 0, []], ['refunds-by-hand', 0, 0, []],
      ['intent-before-money', 0, 0, []], ['provider-messages-end', 0, 0, []],
      ['goods-and-money', 0, 0, [withUnits]], ['orders-and-money', 0, 0, [withMoney]],
      ['orders-flagged', 0, 0, [withFlags]], ['paid-was-covered', 0, 0, [withPaid]],
      ['orders-and-gates', 0, 0, [withGates]],
      ['receipts-of-orders', 0, 0, [`${withReceipts}, ${apartFromPayment}`]], ['receipt-numbers', 0, 0, []],
      ['credit-notes', 0, 0, []],
      ['ways-in', 0, 0, []], ['saved-addresses', 0, 0, []], ['mail-requests', 0, 0, []], ['mail-requests-told', 0, 0, []], ['sessions-told', 0, 0, []],
      ['erased-people', 0, 0, withPeople],
      ['deliveries-once', 0, 0, []], ['deliveries-end', 0, 0, []], ['deliveries-told', 0, 0, []],
      ['deliveries-of-something', 0, 0, [withBuyers]], ['webhooks-once', 0, 0, []], ['webhooks-sent', 0, 0, []],
      ['counts-follow-the-log', 0, 0, []],
      ['events-of-transitions', 22, 0, []], ['events-of-something', 22, 0, []], ['events-tell-the-truth', 20, 0, []],
      ['event-ids', 22, 0, []], ['events-in-order', 22, 0, []], ['published-in-time', 22, 0, []], ['dead-letters-once', 1, 0, []],
      ['image-files', 0, 0, ['skipped: the place of the files is not known here']],
    ], // prettier-ignore
  )
})

t.test('the streams are compared with the outboxes of all databases', async (t) => {
  const server = await testNats(t)
  const nats = await connect({ servers: server.url })
  t.teardown(() => nats.close())
  const manager = await jetstreamManager(nats)
  for (const [name, family] of [
    ['ORDERS', 'order'], ['STOCK', 'stock'], ['PRODUCTS', 'product'], ['USERS', 'user'], ['SHIPMENTS', 'shipment'],
    ['RETURNS', 'return'],
  ]) {
    await manager.streams.add({ name: name!, subjects: [`${family}.>`] })
  } // prettier-ignore
  const js = jetstream(nats)
  for (const service of ['order', 'inventory', 'user'] as const) {
    const { rows } = await sql[service]('select id, subject from producer.outbox')
    for (const { id, subject } of rows as { id: string; subject: string }[]) {
      const written = headers()
      written.set('ce-id', id)
      if (subject !== 'stock.released') await js.publish(subject, '{}', { headers: written })
    }
  }
  const { invariants } = await runAudit({ aggregates, databases: urls, nats })
  t.match(invariants.slice(-2), [
    { name: 'events-in-streams', checked: 22, violations: 1, offenders: [/is not in STOCK$/] },
    { name: 'foreign-messages', checked: 21, violations: 0, offenders: [] },
  ])
})

t.test('a service whose database is not given is not passed over', async (t) => {
  const given = {
    user: 'postgres://127.0.0.1:9/a',
    inventory: '',
    cart: 'postgres://127.0.0.1:9/a',
    order: 'postgres://127.0.0.1:9/a',
    producer: '',
  }
  await t.rejects(auditOf(given), {
    code: 'audit.database-unknown',
    message:
      /is not told where that of inventory, producer, search, pricing, payment, notification, analytics and consumer is$/,
  })
})

t.test('all snapshots are taken before the first is read', async (t) => {
  const late = newId()
  t.teardown(async () => {
    for (const service of ['inventory', 'user'] as const)
      await sql[service](`delete from producer.outbox where aggregate_id = '${late}'`)
  })
  const seen = await withPgSnapshots(databasesOf(urls), aggregates, async (snapshots) => {
    for (const service of ['inventory', 'user'] as const)
      await sql[service](insertEvents('user', late, ['user.created']))
    const outboxes: OutboxEvents[] = []
    for (const { outboxEvents } of snapshots) outboxes.push(await outboxEvents())
    return outboxes
      .flatMap((outbox) => [...outbox.values()])
      .flatMap(({ published }) => [...published.keys()])
  })
  t.equal(seen.length, 22)
})

t.test('a database that is away fails the audit, and the error says whose it is', async (t) => {
  const away = { ...urls, order: 'postgres://127.0.0.1:9/nothing' }
  await t.rejects(auditOf(away), {
    ...{ kind: 'unavailable', code: 'database.unavailable' },
    message:
      'the database of order does not answer (connect ECONNREFUSED 127.0.0.1:9); try again in a moment',
  })
  const shared = { ...away, inventory: away.order }
  await t.rejects(auditOf(shared), { message: /^the database of inventory and order does not answer/ })
  await t.rejects(auditOf({ ...urls, user: `${urls.user}_missing` }), {
    message: /^the database of user cannot be read: database ".*_missing" does not exist$/,
  })
  await sql.consumer('alter table consumer.dead_letters rename to hidden')
  t.teardown(() => sql.consumer('alter table consumer.hidden rename to dead_letters'))
  await t.rejects(auditOf(urls), {
    message: /^the database of consumer cannot be read: relation .* does not exist$/,
  })
  // PostgreSQL shows a connection for a moment after its end.
  await eventually('no connection is left open', async () => {
    const { rows } = await sql.user(`select from pg_stat_activity where application_name = 'tillstream-audit'
      and datname like '${new URL(urls.user).pathname.slice(1, -'user'.length)}%'`)
    return rows.length === 0
  })
})

t.test('a violation in any of the databases is found, and its outbox is named', async (t) => {
  await sql.order(`update orders.orders set total_minor = 1 where id = '${order}';
    update producer.outbox set occurred_at = now() - interval '61 s' where subject = 'order.rejected';
    ${insertUnpublished("subject = 'order.rejected'")}`)
  await sql.inventory(`
    update inventory.stock set available = 8;
    update producer.outbox set subject = 'stock.released' where subject = 'stock.rejected';
    insert into inventory.stock_movements (product_id, order_id, kind, quantity, at)
      values ('${product}', '${rejected}', 'release', 1, now())`)
  await sql.user(`delete from producer.outbox`)
  await sql.producer(insertEvents('order', order, ['order.created']))
  await sql.consumer(`drop index consumer.dead_letters_subscription_message_key_key;
    insert into consumer.dead_letters select '${newId()}', subscription, message_key, stream, 2, subject, '', status, code,
      '', 1, '', '[]', 0, '', now() from consumer.dead_letters`)
  const found = (await auditOf(urls)).filter(({ violations }) => violations > 0)
  t.match(
    found.map(({ name, violations, offenders }) => [name, violations, offenders.join('\n')]),
    [
      ['order-totals', 1, /a total of 1, but parts of 750/],
      ['reservations-and-ledger', 1, /is rejected: of product .* 0 should be taken, and -1 are\nskipped: /],
      ['events-of-transitions', 1, /^user .* has no event \(in the database of user\)$/],
      [
        'events-of-something',
        1,
        new RegExp(`^order ${order} has .* not exist \\(in the database of producer\\)$`),
      ],
      ['events-tell-the-truth', 1, /is rejected at version 1, but event 1 says stock.released/],
      ['published-in-time', 1, /\(order.rejected\) is unpublished since .* \(in the database of order\)$/],
      ['dead-letters-once', 1, /gave up 2 times on k/],
    ],
  )
  t.equal(found.length, 7)
})
