import type { Sql } from '../../platform/database.ts'
import { isoTime } from '../../platform/iso-time.ts'
import { appendToOutbox, outboxCtes, outboxParameters, type OutboxEvent } from '../../platform/outbox.ts'
import { lineNoOf } from '../domain/line-id.ts'
import type { OrderFile } from '../domain/order-file.ts'
import type { Order, OrderId, OrderLine } from '../domain/order.ts'
import type { Return } from '../domain/goods-back.ts'
import type { Shipment } from '../domain/parcel.ts'
import { stepsJson } from './fulfilment-json.ts'
import { historyJson } from './order-json.ts'

/** The row of an order as it is after a change that was decided on this revision of it. */
export type OrderWrite = {
  readonly order: Order
  readonly seen: number
  readonly events: readonly OutboxEvent[]
}

const columns = `id uuid, seen int, status text, version int, history jsonb, awaiting_release boolean,
  updated_at timestamptz, fulfilment_status text, return_status text, hold_until timestamptz, closing jsonb,
  closing_since timestamptz, payment_status text, gate_version int, hold_no int, reviving jsonb,
  reviving_since timestamptz, awaiting_cart boolean, first_payment jsonb, money_taken boolean, cart_taken boolean,
  flags text[]`

const changing = columns
  .split(',')
  .map((column) => column.trim().split(' ')[0])
  .filter((name) => name !== 'id' && name !== 'seen')

const writeOrdersSql = `
  with wanted as (
    select * from jsonb_to_recordset($1::jsonb) as each (${columns})
  ), locked as (
    select o.id from orders.orders o join wanted w on w.id = o.id and w.seen = o.revision order by o.id for update of o
  ), changed as (
    update orders.orders o
    set ${changing.map((name) => `${name} = w.${name}`).join(', ')}, revision = w.seen + 1
    from wanted w where o.id = w.id and o.id in (select id from locked)
    returning o.id
  ), ${outboxCtes(2, 'where e.aggregate_id in (select id from changed)')}
  select id from changed`

/**
 * Stores the rows of orders, with events of their own, where the order is still as it was. Returns those that were stored.
 * An order stands in the list once.
 */
export async function writeOrderRows(sql: Sql, writes: readonly OrderWrite[]): Promise<ReadonlySet<OrderId>> {
  const rows = await sql.$queryRawUnsafe<readonly { readonly id: OrderId }[]>(
    writeOrdersSql,
    JSON.stringify(writes.map(({ order, seen }) => orderRow(order, seen))),
    ...outboxParameters(writes.flatMap(({ events }) => events)),
  )
  return new Set(rows.map(({ id }) => id))
}

function orderRow(order: Order, seen: number): object {
  const { closing, reviving, firstPayment } = order
  const since = closing && isoTime(closing.since)
  const revivingSince = reviving && isoTime(reviving.since)
  return {
    id: order.id,
    seen,
    status: order.status,
    version: order.version,
    history: historyJson(order),
    awaiting_release: order.awaitingRelease,
    updated_at: isoTime(order.updatedAt),
    fulfilment_status: order.fulfilmentStatus,
    return_status: order.returnStatus,
    hold_until: order.holdUntil ? isoTime(order.holdUntil) : null,
    closing: closing ? { ...closing, since } : null,
    closing_since: since ?? null,
    payment_status: order.paymentStatus,
    gate_version: order.gateVersion,
    hold_no: order.holdNo,
    reviving: reviving ? { ...reviving, since: revivingSince } : null,
    reviving_since: revivingSince ?? null,
    awaiting_cart: order.awaitingCart,
    first_payment: firstPayment ?? null,
    money_taken: order.moneyTaken,
    cart_taken: order.cartTaken,
    flags: order.flags,
  }
}

/** True where nothing differs but the order's own row. */
export const isRowAlone = (before: OrderFile, after: OrderFile): boolean =>
  changed(before.shipments, after.shipments).length === 0 &&
  changed(before.returns, after.returns).length === 0 &&
  changedLines(before.order, after.order).length === 0

/** Stores what differs between the two. The order's row is locked. */
export async function writeFile(
  tx: Sql,
  before: OrderFile,
  after: OrderFile,
  events: readonly OutboxEvent[],
): Promise<void> {
  const written = await writeOrderRows(tx, [{ order: after.order, seen: before.order.revision, events: [] }])
  if (written.size === 0) throw new Error(`the locked order ${after.order.id} has changed`)
  await writeLines(tx, after.order.id, changedLines(before.order, after.order))
  for (const shipment of changed(before.shipments, after.shipments)) await writeShipment(tx, shipment)
  for (const each of changed(before.returns, after.returns)) await writeReturn(tx, each)
  await appendToOutbox(tx, events)
}

const changed = <Thing>(before: readonly Thing[], after: readonly Thing[]): readonly Thing[] =>
  after.filter((thing) => !before.includes(thing))

const changedLines = (before: Order, after: Order): readonly OrderLine[] =>
  after.lines.filter((line, index) => line !== before.lines[index])

async function writeLines(tx: Sql, orderId: OrderId, lines: readonly OrderLine[]): Promise<void> {
  if (lines.length === 0) return
  await tx.$executeRawUnsafe(
    `update orders.order_lines l
     set packed = c.packed, shipped = c.shipped, canceled = c.canceled, returned = c.returned
     from unnest($2::smallint[], $3::int[], $4::int[], $5::int[], $6::int[])
       as c(line_no, packed, shipped, canceled, returned)
     where l.order_id = $1::uuid and l.line_no = c.line_no`,
    orderId,
    lines.map(({ id }) => lineNoOf(orderId, id)),
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
       created_at, updated_at, awaiting_money, replaces, resending)
     values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8::jsonb, $9::timestamptz, $10::timestamptz, $11, $12::uuid,
       $13::jsonb)
     on conflict (id) do update set status = excluded.status, version = excluded.version, history = excluded.history,
       updated_at = excluded.updated_at, awaiting_money = excluded.awaiting_money, resending = excluded.resending`,
    ...[id, orderId, shipment.status, shipment.carrier, shipment.trackingNumber, shipment.trackingUrl],
    ...[shipment.version, JSON.stringify(stepsJson(shipment))],
    ...[isoTime(shipment.createdAt), isoTime(shipment.updatedAt), shipment.awaitingMoney],
    ...[shipment.replaces ?? null, resendingJson(shipment)],
  )
  await tx.$executeRawUnsafe(
    `insert into orders.shipment_lines (shipment_id, line_no, quantity)
     select $1::uuid, * from unnest($2::smallint[], $3::int[]) on conflict do nothing`,
    id,
    lines.map(({ lineId }) => lineNoOf(orderId, lineId)),
    lines.map(({ quantity }) => quantity),
  )
}

const resendingJson = ({ resending }: Shipment): string | null =>
  resending ? JSON.stringify({ ...resending, since: isoTime(resending.since) }) : null

async function writeReturn(tx: Sql, each: Return): Promise<void> {
  const { id, orderId, lines } = each
  await tx.$executeRawUnsafe(
    `insert into orders.returns (id, order_id, return_no, status, version, history, awaiting_stock, created_at, updated_at,
       money, is_withdrawal)
     values ($1::uuid, $2::uuid, $3, $4, $5, $6::jsonb, $7, $8::timestamptz, $9::timestamptz, $10, $11)
     on conflict (id) do update set status = excluded.status, version = excluded.version, history = excluded.history,
       awaiting_stock = excluded.awaiting_stock, updated_at = excluded.updated_at, money = excluded.money`,
    ...[id, orderId, each.returnNo, each.status, each.version, JSON.stringify(stepsJson(each))],
    ...[each.awaitingStock, isoTime(each.createdAt), isoTime(each.updatedAt), each.money, each.isWithdrawal],
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
