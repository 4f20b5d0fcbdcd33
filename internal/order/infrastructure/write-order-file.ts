import type { Sql } from '../../platform/database.ts'
import { isoTime } from '../../platform/iso-time.ts'
import { appendToOutbox, type OutboxEvent } from '../../platform/outbox.ts'
import { lineNoOf } from '../domain/line-id.ts'
import type { OrderFile } from '../domain/order-file.ts'
import type { Order } from '../domain/order.ts'
import type { Return } from '../domain/goods-back.ts'
import type { Shipment } from '../domain/parcel.ts'
import { firstPaymentJson } from './checkout-row.ts'
import { stepsJson } from './fulfilment-json.ts'
import { historyJson } from './order-json.ts'

/** Stores what differs between the two. The order's row is locked. */
export async function writeFile(
  tx: Sql,
  before: OrderFile,
  after: OrderFile,
  events: readonly OutboxEvent[],
): Promise<void> {
  await writeOrder(tx, before.order, after.order)
  for (const shipment of changed(before.shipments, after.shipments)) await writeShipment(tx, shipment)
  for (const each of changed(before.returns, after.returns)) await writeReturn(tx, each)
  await appendToOutbox(tx, events)
}

const changed = <Thing>(before: readonly Thing[], after: readonly Thing[]): readonly Thing[] =>
  after.filter((thing) => !before.includes(thing))

async function writeOrder(tx: Sql, before: Order, after: Order): Promise<void> {
  const { closing, reviving } = after
  const since = closing && isoTime(closing.since)
  const revivingSince = reviving && isoTime(reviving.since)
  await tx.$executeRawUnsafe(
    `update orders.orders set status = $2, version = $3, revision = revision + 1, history = $4::jsonb,
       awaiting_release = $5, updated_at = $6::timestamptz, fulfilment_status = $7, return_status = $8,
       hold_until = $9::timestamptz, closing = $10::jsonb, closing_since = $11::timestamptz, payment_status = $12,
       gate_version = $13, hold_no = $14, reviving = $15::jsonb, reviving_since = $16::timestamptz,
       awaiting_cart = $17, first_payment = $18::jsonb, money_taken = $19
     where id = $1::uuid`,
    ...[after.id, after.status, after.version, JSON.stringify(historyJson(after)), after.awaitingRelease],
    ...[isoTime(after.updatedAt), after.fulfilmentStatus, after.returnStatus],
    after.holdUntil ? isoTime(after.holdUntil) : null,
    ...(closing ? [JSON.stringify({ ...closing, since }), since] : [null, null]),
    ...[after.paymentStatus, after.gateVersion, after.holdNo],
    ...(reviving ? [JSON.stringify({ ...reviving, since: revivingSince }), revivingSince] : [null, null]),
    ...[after.awaitingCart, firstPaymentJson(after.firstPayment), after.moneyTaken],
  )
  const lines = after.lines.filter((line, index) => line !== before.lines[index])
  if (lines.length === 0) return
  await tx.$executeRawUnsafe(
    `update orders.order_lines l
     set packed = c.packed, shipped = c.shipped, canceled = c.canceled, returned = c.returned
     from unnest($2::smallint[], $3::int[], $4::int[], $5::int[], $6::int[])
       as c(line_no, packed, shipped, canceled, returned)
     where l.order_id = $1::uuid and l.line_no = c.line_no`,
    after.id,
    lines.map(({ id }) => lineNoOf(after.id, id)),
    lines.map(({ packed }) => packed),
    lines.map(({ shipped }) => shipped),
    lines.map(({ canceled }) => canceled),
    lines.map(({ returned }) => returned),
  )
}

async function writeShipment(tx: Sql, shipment: Shipment): Promise<void> {
  const { id, orderId, lines } = shipment
  await tx.$executeRawUnsafe(
    `insert into orders.shipments (id, order_id, status, carrier, tracking_number, tracking_url, version, history,
       created_at, updated_at, awaiting_money)
     values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8::jsonb, $9::timestamptz, $10::timestamptz, $11)
     on conflict (id) do update set status = excluded.status, version = excluded.version, history = excluded.history,
       updated_at = excluded.updated_at, awaiting_money = excluded.awaiting_money`,
    ...[id, orderId, shipment.status, shipment.carrier, shipment.trackingNumber, shipment.trackingUrl],
    ...[shipment.version, JSON.stringify(stepsJson(shipment))],
    ...[isoTime(shipment.createdAt), isoTime(shipment.updatedAt), shipment.awaitingMoney],
  )
  await tx.$executeRawUnsafe(
    `insert into orders.shipment_lines (shipment_id, line_no, quantity)
     select $1::uuid, * from unnest($2::smallint[], $3::int[]) on conflict do nothing`,
    id,
    lines.map(({ lineId }) => lineNoOf(orderId, lineId)),
    lines.map(({ quantity }) => quantity),
  )
}

async function writeReturn(tx: Sql, each: Return): Promise<void> {
  const { id, orderId, lines } = each
  await tx.$executeRawUnsafe(
    `insert into orders.returns (id, order_id, return_no, status, version, history, awaiting_stock, created_at, updated_at,
       money)
     values ($1::uuid, $2::uuid, $3, $4, $5, $6::jsonb, $7, $8::timestamptz, $9::timestamptz, $10)
     on conflict (id) do update set status = excluded.status, version = excluded.version, history = excluded.history,
       awaiting_stock = excluded.awaiting_stock, updated_at = excluded.updated_at, money = excluded.money`,
    ...[id, orderId, each.returnNo, each.status, each.version, JSON.stringify(stepsJson(each))],
    ...[each.awaitingStock, isoTime(each.createdAt), isoTime(each.updatedAt), each.money],
  )
  await tx.$executeRawUnsafe(
    `insert into orders.return_lines (return_id, line_no, quantity, reason, resellable, damaged)
     select $1::uuid, * from unnest($2::smallint[], $3::int[], $4::text[], $5::int[], $6::int[])
     on conflict (return_id, line_no) do update set resellable = excluded.resellable, damaged = excluded.damaged`,
    id,
    lines.map(({ lineId }) => lineNoOf(orderId, lineId)),
    lines.map(({ quantity }) => quantity),
    lines.map(({ reason }) => reason),
    lines.map(({ resellable }) => resellable),
    lines.map(({ damaged }) => damaged),
  )
}
