import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, headers } from '@nats-io/transport-node'
import t from 'tap'
import { newId } from '../platform/new-id.ts'
import { testNats } from '../platform/testing/nats-server.ts'
import { aggregates } from '../services.ts'
import { runAudit } from './audit-service.ts'
import {
  canceled,
  insertEvents,
  insertOrder,
  insertUnpublished,
  goods,
  lawfulWorld,
  order,
  packed,
  product,
  promotion,
  rejected,
  shipment,
  user,
} from './testing/lawful-world.ts'
import { oneDatabase, violationsIn } from './testing/violations.ts'

t.test('a lawful world has no violation, and everything in it is looked at', async (t) => {
  const { invariants } = await runAudit({
    aggregates,
    databases: oneDatabase((await lawfulWorld(t)).url),
    nats: undefined,
  })
  t.strictSame(
    invariants.filter(({ violations }) => violations > 0),
    [],
  )
  t.strictSame(
    invariants.map(({ name, checked }) => [name, checked]),
    looked,
  )
  t.match(invariants.at(-1)?.offenders, ['skipped: no NATS server was given'])
})

/** In the order in which they are told. */
const looked = [
  ['order-histories', 3], ['orders-and-stock', 3], ['settled-in-time', 1], ['order-totals', 3], ['idempotency-keys', 3],
  ['shipments-and-returns', 2], ['returned-goods', 1], ['resent-shipments', 0], ['stock-and-ledger', 1], ['reservations-and-ledger', 3],
  ['movements-once', 5], ['category-tree', 1], ['products-in-categories', 1], ['attributes-of-products', 0], ['products-in-families', 0], ['sold-out', 1], ['index-and-catalogue', 0], ['product-images', 0], ['redemptions-and-limits', 1], ['redemptions-and-holds', 3], ['orders-and-redemptions', 1],
  ['carts-live', 0], ['cart-lines', 0], ['carts-merged', 0],
  ['checkout-terms', 0], ['checkouts-followed-up', 0], ['carts-and-orders', 0],
  ['payments-and-entries', 0], ['refunds-and-entries', 0], ['refunds-within-captures', 0], ['too-much-goes-back', 0],
  ['goods-within-lines', 0], ['refunds-by-hand', 0], ['intent-before-money', 0], ['provider-messages-end', 0],
  ['goods-and-money', 0], ['orders-and-money', 3], ['orders-flagged', 0], ['paid-was-covered', 0], ['orders-and-gates', 0],
  ['receipts-of-orders', 0], ['receipt-numbers', 0], ['credit-notes', 0],
  ['ways-in', 0], ['saved-addresses', 0],
  ['mail-requests', 0], ['mail-requests-told', 0], ['sessions-told', 0], ['erased-people', 0], ['deliveries-once', 0], ['deliveries-end', 0],
  ['deliveries-told', 0], ['deliveries-of-something', 0], ['webhooks-once', 0], ['webhooks-sent', 0], ['counts-follow-the-log', 0],
  ['events-of-transitions', 22],
  ['events-of-something', 22], ['events-tell-the-truth', 20], ['event-ids', 22], ['events-in-order', 22],
  ['published-in-time', 22],
  ['dead-letters-once', 1], ['image-files', 0], ['events-in-streams', 0], ['foreign-messages', 0],
] // prettier-ignore

const aged = `now() - interval '61 s'`

/** One unit was held, came back, and is held again under the next number. */
const secondHold = (id: string): string => `
  insert into inventory.reservations (order_id, status, version, created_at, updated_at, hold_no)
    values ('${id}', 'held', 3, now(), now(), 2);
  ${insertEvents('reservation', id, ['stock.reserved', 'stock.released', 'stock.reserved'])}
  insert into inventory.stock_movements (product_id, order_id, kind, quantity, hold_no, step, at) values
    ('${product}', '${id}', 'reserve', -1, 1, 0, now()), ('${product}', '${id}', 'release', 1, 1, 2, now()),
    ('${product}', '${id}', 'reserve', -1, 2, 0, now());
  update inventory.stock set available = 6;`

const insertGate = (id: string, status: string): string => `
  insert into payments.gates (order_id, status, reason, due_minor, currency, capture, keep_minor, keeps_money,
    closed_covered, lines, version, created_at, updated_at)
  values ('${id}', '${status}', '', 100, 'EUR', 'at-once', 0, false, false, '[]', 0, ${aged}, ${aged});`
const pending = newId()
/** The id of the order's first line. */
const firstLine = `${order.slice(0, 32)}${(Number.parseInt(order.slice(32), 16) ^ 1).toString(16).padStart(4, '0')}`
const ghost = newId()

/** What is planted, and who tells of it. */
const plants: readonly { name: string; sql: string; violated: Record<string, RegExp> }[] = [
  {
    name: 'an order that skipped a state',
    sql: `update orders.orders set status = 'completed', history = jsonb_set(history, '{1,status}', '"completed"') where id = '${order}'`,
    violated: {
      'order-histories': /unlawful history: pending → completed/,
      'events-tell-the-truth': /became completed/,
    },
  },
  {
    name: 'a status that the history does not know',
    sql: `update orders.orders set status = 'paid' where id = '${order}'`,
    violated: { 'order-histories': /is paid, but its history says pending → confirmed/ },
  },
  {
    name: 'a version that nothing explains',
    sql: `update orders.orders set version = 3 where id = '${order}'`,
    violated: { 'order-histories': /has version 3/, 'events-of-transitions': /its last event has 2/ },
  },
  {
    name: 'an order that nobody decides',
    sql: `${insertOrder(pending, ['pending'], 1)} update orders.orders set created_at = ${aged} where id = '${pending}'`,
    violated: { 'settled-in-time': new RegExp(`order ${pending} is pending since`) },
  },
  {
    name: 'a cancellation whose stock does not come back',
    sql: `update orders.orders set awaiting_release = true, updated_at = ${aged} where id = '${canceled}'`,
    violated: { 'settled-in-time': /its stock is awaited since/ },
  },
  {
    name: 'an order that nobody pays for and that does not expire',
    sql: `update orders.orders set hold_until = ${aged} where id = '${order}'`,
    violated: { 'settled-in-time': /is held until .* and has not expired/ },
  },
  {
    name: 'an expired order that holds more than was packed',
    sql: `${insertOrder(ghost, ['pending', 'confirmed', 'expired'], 1)}
      insert into inventory.reservations values ('${ghost}', 'released', null, 2, now(), now());
      ${insertEvents('reservation', ghost, ['stock.reserved', 'stock.released'])}
      insert into inventory.stock_movements (product_id, order_id, kind, quantity, at)
        values ('${product}', '${ghost}', 'reserve', -1, now());
      update inventory.stock set available = 6`,
    violated: { 'reservations-and-ledger': /is released: of product .* 0 should be taken, and 1 are/ },
  },
  {
    name: 'an order that is being revived for too long',
    sql: `${insertOrder(ghost, ['pending', 'confirmed', 'expired'], 1)}
      update orders.orders set reviving = '{"isOff": false}', reviving_since = ${aged} where id = '${ghost}'`,
    violated: { 'settled-in-time': /is being revived since/ },
  },
  {
    name: 'an expired order that holds stock again and is not being revived',
    sql: `${insertOrder(ghost, ['pending', 'confirmed', 'expired'], 1)} ${secondHold(ghost)}
      update orders.orders set updated_at = ${aged} where id = '${ghost}';
      update inventory.reservations set updated_at = ${aged} where order_id = '${ghost}'`,
    violated: { 'orders-and-stock': /is expired, but its stock is held/ },
  },
  {
    name: 'a revived order whose event says that it was paid for in time',
    sql: `${insertOrder(ghost, ['pending', 'confirmed', 'expired', 'paid'], 1)} ${secondHold(ghost)}`,
    violated: { 'events-tell-the-truth': /became paid, but its event says order.paid/ },
  },
  {
    name: 'a dead order whose gate is open, and a live one whose gate is closed',
    sql: `${insertGate(canceled, 'open')} ${insertGate(order, 'closed')}
      update orders.orders set updated_at = ${aged}`,
    violated: {
      'orders-and-gates': /is canceled, and its gate is open(.|\n)*is confirmed, and its gate is closed/,
    },
  },
  {
    name: 'goods that came back and are not booked',
    sql: `update orders.returns set awaiting_stock = true, updated_at = ${aged}`,
    violated: { 'settled-in-time': new RegExp(`return ${goods} was received, and its goods are not booked`) },
  },
  {
    name: 'more shipped than was packed',
    sql: `alter table orders.order_lines drop constraint order_lines_units_check;
      update orders.order_lines set shipped = 3 where order_id = '${order}'`,
    violated: { 'shipments-and-returns': /3 ordered, 0 canceled, 2 packed .2 in parcels., 3 shipped .1 in/ },
  },
  {
    name: 'a unit in two parcels',
    sql: `update orders.shipment_lines set quantity = 3 where shipment_id = '${packed}'`,
    violated: { 'shipments-and-returns': /2 packed .4 in parcels./ },
  },
  {
    name: 'more returned than was shipped',
    sql: `alter table orders.order_lines drop constraint order_lines_units_check;
      update orders.return_lines set quantity = 2, damaged = 2; update orders.order_lines set returned = 2 where returned = 1`,
    violated: {
      'shipments-and-returns': /1 shipped .1 in those that left., 2 returned .2 in returns./,
      'returned-goods': /2 came and 2 were damaged, but 1 and 1 are booked/,
    },
  },
  {
    name: 'a fulfilment that the shipments do not show',
    sql: `update orders.orders set fulfilment_status = 'delivered' where id = '${order}'`,
    violated: { 'shipments-and-returns': /its fulfilment is delivered and should be partial/ },
  },
  {
    name: 'returns that nobody counts',
    sql: `update orders.orders set return_status = 'none' where id = '${order}'`,
    violated: { 'shipments-and-returns': /its returns are none and should be returned/ },
  },
  {
    name: 'a shipment that skipped a state',
    sql: `update orders.shipments set history = jsonb_set(history, '{1,status}', '"lost"') where id = '${shipment}'`,
    violated: {
      'shipments-and-returns': /its history says packed → lost → delivered/,
      'events-tell-the-truth': /became lost, but its event says shipment.shipped/,
    },
  },
  {
    name: 'a withdrawal that was declined',
    sql: `update orders.returns set is_withdrawal = true, status = 'refused',
      history = jsonb_set(history, '{3,status}', '"refused"') where id = '${goods}'`,
    violated: {
      'shipments-and-returns': new RegExp(`return ${goods} is a withdrawal in time, and is refused`),
      'events-tell-the-truth': /became refused/,
    },
  },
  {
    name: 'a shipment that is resent, and nothing left in its place',
    sql: `update orders.shipments set status = 'resent' where id = '${packed}'`,
    violated: {
      'resent-shipments': new RegExp(`shipment ${packed} is resent, and 0 left in its place`),
      'shipments-and-returns': /2 packed .1 in parcels./,
    },
  },
  {
    name: 'a shipment in the place of one that has arrived',
    sql: `update orders.shipments set replaces = '${shipment}' where id = '${packed}'`,
    violated: { 'resent-shipments': /left in the place of one that is delivered/ },
  },
  {
    name: 'a shipment that waits for goods for too long',
    sql: `update orders.shipments set resending = jsonb_build_object('since', ${aged}) where id = '${shipment}'`,
    violated: { 'resent-shipments': new RegExp(`shipment ${shipment} waits to be sent again since`) },
  },
  {
    name: 'goods that were taken once more for no shipment',
    sql: `update inventory.stock set available = 6; insert into inventory.stock_movements (product_id, order_id, kind,
      quantity, step, at) values ('${product}', '${order}', 'replace', -1, 3, now())`,
    violated: { 'resent-shipments': /1 were taken once more, and 0 to 0 were sent again/ },
  },
  {
    name: 'a lost shipment that left again with goods that nobody has taken',
    sql: `update orders.shipments set status = 'resent', history = jsonb_set(history, '{2,status}', '"lost"')
        || '{"status": "resent"}', version = 4 where id = '${shipment}';
      insert into orders.shipments (id, order_id, status, version, history, created_at, updated_at, carrier,
        tracking_number, tracking_url, replaces) values ('${ghost}', '${order}', 'shipped', 2,
        '[{"status": "packed"}, {"status": "shipped"}]', now(), now(), '', '', '', '${shipment}');
      insert into orders.shipment_lines values ('${ghost}', 1, 1);
      ${insertEvents('shipment', ghost, ['shipment.packed', 'shipment.shipped'])}`,
    violated: { 'resent-shipments': /0 were taken once more, and 1 to 1 were sent again/ },
  },
  {
    name: 'a refunded return of which the payments were not told',
    sql: `update orders.returns set money = 'due', updated_at = ${aged} where id = '${goods}'`,
    violated: { 'settled-in-time': /was refunded, and its money is not ordered since/ },
  },
  {
    name: 'a refunded return of which the payments know nothing',
    sql: `update orders.returns set money = 'ordered' where id = '${goods}'`,
    violated: { 'goods-and-money': /line 1: 0 not found, 1 refunded, but its account knows 0 and 0/ },
  },
  {
    name: 'a short parcel of which the payments were not told',
    sql: `update orders.shipments set awaiting_money = true, updated_at = ${aged} where id = '${packed}'`,
    violated: { 'settled-in-time': /made its order less, and the payments do not know since/ },
  },
  {
    name: 'units that are not owed, and neither short nor returned',
    sql: `insert into payments.gates (order_id, status, reason, due_minor, currency, capture, keep_minor, keeps_money,
      closed_covered, lines, version, created_at, updated_at) values ('${order}', 'open', '', 750, 'USD', 'at-once', 0, false,
      false, jsonb_build_array(jsonb_build_object('lineId', '${firstLine}', 'quantity', 3, 'totalMinor',
      '750', 'short', 1, 'returned', 0, 'shortMinor', '250', 'returnedMinor', '0')), 0, now(), now())`,
    violated: { 'goods-and-money': /0 not found, 0 refunded, but its account knows 1 and 0/ },
  },
  {
    name: 'damaged goods that can be bought again',
    sql: `delete from inventory.stock_movements where kind = 'write-off'; update inventory.stock set available = 8`,
    violated: { 'returned-goods': /1 came and 1 were damaged, but 1 and 0 are booked/ },
  },
  {
    name: 'goods that came back twice',
    sql: `insert into inventory.stock_movements (product_id, order_id, kind, quantity, step, at)
      values ('${product}', '${order}', 'return', 1, 2, now()); update inventory.stock set available = 8`,
    violated: {
      'returned-goods': /return 2: of product .* 0 came and 0 were damaged, but 1 and 0 are booked/,
    },
  },
  {
    name: 'a canceled order that holds more than was packed',
    sql: `update inventory.stock_movements set quantity = 1 where order_id = '${canceled}' and kind = 'release';
      update inventory.stock set available = 6`,
    violated: { 'reservations-and-ledger': /is released: of product .* 0 should be taken, and 1 are/ },
  },
  {
    name: 'a promotion that counts other redemptions than there are',
    sql: `update pricing.promotions set redeemed = 0`,
    violated: { 'redemptions-and-limits': /counts 0 redemptions, and there are 1/ },
  },
  {
    name: 'a promotion above its limit',
    sql: `
      alter table pricing.promotions drop constraint promotions_within_limit;
      update pricing.redemption_holds set status = 'confirmed' where order_id = '${rejected}';
      insert into pricing.redemptions values ('${rejected}', 1, '${promotion}', 'another', 1);
      update pricing.promotions set redeemed = 2`,
    violated: { 'redemptions-and-limits': /has 2 redemptions, and a limit of 1/ },
  },
  {
    name: 'a customer above his limit',
    sql: `
      update pricing.redemption_holds set status = 'confirmed' where order_id = '${rejected}';
      insert into pricing.redemptions values ('${rejected}', 1, '${promotion}', '${user}', 1);
      update pricing.promotions set redemption_limit = 5, redeemed = 2`,
    violated: { 'redemptions-and-limits': /was redeemed 2 times by one customer/ },
  },
  {
    name: 'a released hold whose redemption has not come back',
    sql: `update pricing.redemption_holds set status = 'released' where order_id = '${order}'`,
    violated: { 'redemptions-and-holds': /is released, and redeems promotion/ },
  },
  {
    name: 'a redemption that is held for an order that was canceled',
    sql: `
      update pricing.redemption_holds set status = 'held' where order_id = '${canceled}';
      update orders.orders set updated_at = ${aged} where id = '${canceled}'`,
    violated: { 'orders-and-redemptions': /which is canceled/ },
  },
  {
    name: 'a redemption that is held for no order',
    sql: `insert into pricing.redemption_holds values ('${ghost}', 1, 'held', null, now(), ${aged})`,
    violated: { 'orders-and-redemptions': /which does not exist/ },
  },
  {
    name: 'a total that the lines do not give',
    sql: `update orders.orders set total_minor = 1 where id = '${order}'`,
    violated: { 'order-totals': /a total of 1, but parts of 750/ },
  },
  {
    name: 'two orders under one key',
    sql: `drop index orders.orders_idempotency_key; update orders.orders set idempotency_key = 'same'`,
    violated: { 'idempotency-keys': /has 3 orders under the key same/ },
  },
  {
    name: 'stock below zero',
    sql: `insert into inventory.stock_movements (product_id, kind, quantity, at) values ('${product}', 'adjustment', -8, now());
      update inventory.stock set available = -1`,
    violated: { 'stock-and-ledger': /has -1 available$/ },
  },
  {
    name: 'stock that the ledger does not explain',
    sql: `update inventory.stock set available = 8`,
    violated: { 'stock-and-ledger': /has 8 available, but movements of 7/ },
  },
  {
    name: 'a product without stock',
    sql: `delete from inventory.stock`,
    violated: { 'stock-and-ledger': /has no stock/ },
  },
  {
    name: 'a hold that takes less than was ordered',
    sql: `update inventory.stock_movements set quantity = -1 where order_id = '${order}' and kind = 'reserve'; update inventory.stock set available = 9`,
    violated: { 'reservations-and-ledger': /is held: of product .* 3 should be taken, and 1 are/ },
  },
  {
    name: 'a release that gives back too much',
    sql: `update inventory.stock_movements set quantity = 3 where order_id = '${canceled}' and kind = 'release';
      update inventory.stock set available = 8`,
    violated: { 'reservations-and-ledger': /is released: of product .* 0 should be taken, and -1 are/ },
  },
  {
    name: 'a late release of the first hold that gave back what the second one holds',
    sql: `update inventory.reservations set hold_no = 2, version = 3, status = 'held' where order_id = '${canceled}';
      update orders.orders set status = 'confirmed', version = 2, history = history - 2 where id = '${canceled}';
      delete from producer.outbox where aggregate_id = '${canceled}' and subject = 'order.canceled';
      ${insertEvents('reservation', canceled, ['stock.reserved'], 3)}
      insert into inventory.stock_movements (product_id, order_id, kind, quantity, hold_no, step, at) values
        ('${product}', '${canceled}', 'reserve', -2, 2, 0, now()), ('${product}', '${canceled}', 'release', 2, 1, 3, now())`,
    violated: { 'reservations-and-ledger': /0 should be taken, and -2 are by hold 1 of 2/ },
  },
  {
    name: 'a second hold that says it was rejected and is held',
    sql: `update inventory.reservations set hold_no = 2, version = 3, status = 'held' where order_id = '${canceled}';
      ${insertEvents('reservation', canceled, ['stock.rejected'], 3)}`,
    violated: { 'events-tell-the-truth': /is held at version 3, but event 3 says stock.rejected/ },
  },
  {
    name: 'movements without a reservation',
    sql: `delete from inventory.reservations where order_id = '${canceled}'; delete from producer.outbox where subject in
      ('stock.released') or (subject = 'stock.reserved' and aggregate_id = '${canceled}')`,
    violated: { 'reservations-and-ledger': /has movements without a reservation/ },
  },
  {
    name: 'a line that was taken twice',
    sql: `drop index inventory.stock_movements_order_step_key; update inventory.stock set available = 4;
      insert into inventory.stock_movements (product_id, order_id, kind, quantity, at) values ('${product}', '${order}', 'reserve', -3, now())`,
    violated: {
      'movements-once': /has 2 times reserve/,
      'reservations-and-ledger': /3 should be taken, and 6 are/,
    },
  },
  {
    name: 'an adjustment that was booked twice',
    sql: `drop index inventory.stock_movements_idempotency_key; update inventory.stock set available = 9;
      insert into inventory.stock_movements (product_id, kind, quantity, idempotency_key, at)
      select '${product}', 'adjustment', 1, 'C1', now() from generate_series(1, 2)`,
    violated: { 'movements-once': /was adjusted 2 times under the key C1/ },
  },
  {
    name: 'a confirmed order without stock',
    sql: `update inventory.reservations set status = 'rejected' where order_id = '${order}'; delete from inventory.stock_movements
      where order_id = '${order}'; update inventory.stock set available = 10; update producer.outbox set subject = 'stock.rejected'
      where aggregate_type = 'reservation' and aggregate_id = '${order}'`,
    violated: { 'orders-and-stock': /is confirmed, but its stock is rejected/ },
  },
  {
    name: 'a rejected order that holds stock',
    sql: `update orders.orders set updated_at = ${aged} where id = '${rejected}';
      update inventory.reservations set status = 'held' where order_id = '${rejected}';
      update producer.outbox set subject = 'stock.reserved' where subject = 'stock.rejected'; update inventory.stock set available = -93;
      insert into inventory.stock_movements (product_id, order_id, kind, quantity, at) values ('${product}', '${rejected}', 'reserve', -100, now())`,
    violated: { 'orders-and-stock': /is rejected, but its stock is held/ },
  },
  {
    name: 'stock that is held for nobody',
    sql: `insert into inventory.reservations values ('${ghost}', 'held', null, 1, ${aged}, ${aged});
      ${insertEvents('reservation', ghost, ['stock.reserved'])}`,
    violated: { 'orders-and-stock': /has stock held, but does not exist/ },
  },
  {
    name: 'a transition without its event',
    sql: `delete from producer.outbox where aggregate_id = '${order}' and subject = 'order.created'`,
    violated: { 'events-of-transitions': /has no event before version 2/ },
  },
  {
    name: 'a gap between events',
    sql: `delete from producer.outbox where aggregate_id = '${canceled}' and subject = 'order.confirmed'`,
    violated: { 'events-of-transitions': /has versions without an event/ },
  },
  {
    name: 'an aggregate without events',
    sql: `delete from producer.outbox where aggregate_type in ('user', 'product')`,
    violated: { 'events-of-transitions': /(user|product) .* has no event/ },
  },
  {
    name: 'an adjustment without its event',
    sql: `update inventory.stock set adjustments = 1`,
    violated: { 'events-of-transitions': /stock .* has no event/ },
  },
  {
    name: 'an entry of the log of which nobody was told',
    sql: `insert into producer.activity
      (id, at, actor_kind, actor_id, what, subject_id, before, after, reason, address, correlation_id)
      values ('${newId()}', now(), 'user', '${newId()}', 'test.done', '', '{}', '{}', '', '', '')`,
    violated: { 'events-of-transitions': /activity .* has no event/ },
  },
  {
    name: 'two events for one transition',
    sql: insertEvents('order', order, ['order.confirmed'], 2),
    violated: { 'events-of-transitions': /has two events for one version/ },
  },
  {
    name: 'an event of something that does not exist',
    sql: insertEvents('order', ghost, ['order.created']),
    violated: { 'events-of-something': new RegExp(`order ${ghost} has events, but does not exist`) },
  },
  {
    name: 'an event that tells something else',
    sql: `update producer.outbox set subject = 'order.rejected' where subject = 'order.confirmed' and aggregate_id = '${order}'`,
    violated: { 'events-tell-the-truth': /became confirmed, but its event says order.rejected/ },
  },
  {
    name: 'a reservation event that tells something else',
    sql: `update producer.outbox set subject = 'stock.released' where subject = 'stock.rejected'`,
    violated: { 'events-tell-the-truth': /is rejected at version 1, but event 1 says stock.released/ },
  },
  {
    name: 'one id on two events',
    sql: `update producer.outbox set id = '${ghost}' where aggregate_id = '${order}' and aggregate_type = 'order'`,
    violated: { 'event-ids': /is on 2 events/ },
  },
  {
    name: 'events of one thing in another order than they happened',
    sql: `update producer.outbox set seq = -seq where aggregate_id = '${order}' and aggregate_type = 'order'`,
    violated: { 'events-in-order': new RegExp(`order ${order} has event 1 behind event 2`) },
  },
  {
    name: 'an event that nobody publishes',
    sql: `update producer.outbox set occurred_at = ${aged} where subject = 'user.created';
      ${insertUnpublished("subject = 'user.created'")}; update producer.unpublished set parked = true, last_error = 'too large'`,
    violated: { 'published-in-time': /user.created. is unpublished since .*, parked: too large/ },
  },
  {
    name: 'a message that died twice',
    sql: `drop index consumer.dead_letters_subscription_message_key_key; insert into consumer.dead_letters
      select '${ghost}', subscription, message_key, stream, 2, subject, '', status, code, '', 1, '', '[]', 0, '', now() from consumer.dead_letters`,
    violated: { 'dead-letters-once': /settle-created gave up 2 times on k/ },
  },
]

for (const { name, sql, violated } of plants) {
  t.test(`names ${name}`, async (t) => {
    const world = await lawfulWorld(t)
    // The database's own guard must not keep the audit from seeing what it guards against.
    await world.sql('alter table inventory.stock drop constraint stock_available_check')
    await world.sql(sql)
    const found = await violationsIn(world.url)
    for (const [invariant, offender] of Object.entries(violated))
      t.match(found[invariant]?.join('\n'), offender, invariant)
  })
}

t.test('what is young may be on its way', async (t) => {
  const world = await lawfulWorld(t)
  await world.sql(`${insertOrder(pending, ['pending'], 1)}
    insert into inventory.reservations values ('${pending}', 'held', null, 1, now(), now());
    ${insertEvents('reservation', pending, ['stock.reserved'])}
    insert into inventory.stock_movements (product_id, order_id, kind, quantity, at) values ('${product}', '${pending}', 'reserve', -1, now());
    update inventory.stock set available = 6;
    ${insertOrder(ghost, ['pending', 'canceled'], 1)}
    update orders.orders set awaiting_release = true where id = '${ghost}';
    ${insertUnpublished('true')}`)
  t.strictSame(await violationsIn(world.url), {})
})

t.test('an order that is being revived, and one that was, are lawful', async (t) => {
  const world = await lawfulWorld(t)
  const [reviving, revived] = [newId(), newId()]
  await world.sql(`${insertOrder(reviving, ['pending', 'confirmed', 'expired'], 1)} ${secondHold(reviving)}
    update orders.orders set hold_no = 2, reviving = '{"isOff": false}', reviving_since = now(), updated_at = ${aged}
      where id = '${reviving}';
    ${insertGate(reviving, 'open')}
    ${insertOrder(revived, ['pending', 'confirmed', 'expired', 'paid'], 1)} ${secondHold(revived)}
    update orders.orders set hold_no = 2, updated_at = ${aged} where id = '${revived}';
    update producer.outbox set subject = 'order.revived' where subject = 'order.paid';
    update inventory.reservations set updated_at = ${aged}; update inventory.stock set available = 5`)
  t.strictSame(await violationsIn(world.url), {})
})

t.test('events that have left the outbox with their day are not missed', async (t) => {
  const world = await lawfulWorld(t)
  const old = `now() - interval '20 days'`
  await world.sql(`
    create temp table moved as select * from producer.outbox; delete from producer.outbox;
    do $$ begin execute format('create table producer.outbox_today partition of producer.outbox for values from (%L) to (%L)',
      now() - interval '1 hour', now() + interval '1 day'); end $$;
    insert into producer.outbox select * from moved where subject not in ('user.created', 'order.created');
    update users.accounts set created_at = ${old}; update orders.orders set created_at = ${old}`)
  t.strictSame(await violationsIn(world.url), {})
})

t.test('the streams hold what the outbox calls published', async (t) => {
  const world = await lawfulWorld(t)
  const server = await testNats(t)
  const nats = await connect({ servers: server.url })
  t.teardown(() => nats.close())
  const manager = await jetstreamManager(nats)
  const findings = async () => {
    const { invariants } = await runAudit({ aggregates, databases: oneDatabase(world.url), nats })
    return invariants.slice(-2)
  }
  t.match((await findings())[0], {
    violations: 22,
    offenders: [/is not in (ORDERS|STOCK|PRODUCTS|USERS|SHIPMENTS|RETURNS), which does not exist/],
  })

  for (const [name, family] of [
    ['ORDERS', 'order'],
    ['STOCK', 'stock'],
    ['PRODUCTS', 'product'],
    ['USERS', 'user'],
    ['SHIPMENTS', 'shipment'],
    ['RETURNS', 'return'],
  ]) {
    await manager.streams.add({ name: name!, subjects: [`${family}.>`] })
  }
  const { rows } = await world.sql('select id, subject from producer.outbox')
  const js = jetstream(nats)
  const publish = async (subject: string, id: string): Promise<void> => {
    const written = headers()
    if (id) written.set('ce-id', id)
    await js.publish(subject, '{}', { headers: written })
  }
  for (const { id, subject } of rows as { id: string; subject: string }[]) {
    if (subject !== 'user.created') await publish(subject, id)
  }
  t.match((await findings())[0], {
    checked: 22,
    violations: 1,
    offenders: [/is marked as published, but is not in USERS/],
  })

  await world.sql(insertUnpublished("subject in ('user.created', 'order.created')"))
  await publish('order.created', '')
  await publish('order.created', newId())
  const [present, foreign] = await findings()
  t.match(present, { name: 'events-in-streams', checked: 18, violations: 0, offenders: [] })
  t.match(foreign, { name: 'foreign-messages', checked: 23, violations: 0 })
  t.strictSame(foreign?.offenders, ['ORDERS holds 2 that no service sent, the first at 8'])
})
