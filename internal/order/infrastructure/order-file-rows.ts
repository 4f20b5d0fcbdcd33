import type { Sql } from '../../platform/database.ts'
import { lineIdOf } from '../domain/line-id.ts'
import type { OrderFile } from '../domain/order-file.ts'
import type { Order, OrderId } from '../domain/order.ts'
import type { Return, ReturnId, ReturnLine, ReturnMoney, ReturnState } from '../domain/goods-back.ts'
import type { Carriage, Resending, Shipment, ShipmentId, ShipmentStatus } from '../domain/parcel.ts'
import { fromRow, selectOrdersSql, type OrderRow } from './order-rows.ts'

/** In one statement, so the parts fit together. An order that is not there has no file. */
export async function loadFiles(sql: Sql, ids: readonly OrderId[]): Promise<ReadonlyMap<OrderId, OrderFile>> {
  const rows = await sql.$queryRawUnsafe<readonly FileRow[]>(filesSql, ids)
  return new Map(rows.map((row) => [row.row.id as OrderId, fileFrom(row)]))
}

function fileFrom({ row, shipments, returns }: FileRow): OrderFile {
  const order = fromRow(row)
  return {
    order,
    shipments: (shipments ?? []).map((shipment) => shipmentFrom(order, shipment)),
    returns: (returns ?? []).map((each) => returnFrom(order, each)),
  }
}

/** The ids of shipments are UUIDv7, so they are in the order of time. */
const filesSql = selectOrdersSql(
  'o.id = any($1::uuid[])',
  `, (
    select json_agg(json_build_object('id', s.id, 'status', s.status, 'carrier', s.carrier, 'number', s.tracking_number,
      'url', s.tracking_url, 'version', s.version, 'history', s.history, 'created', s.created_at, 'updated', s.updated_at,
      'awaiting', s.awaiting_money, 'replaces', s.replaces, 'resending', s.resending,
      'lines', (select json_agg(json_build_array(l.line_no, l.quantity) order by l.line_no)
        from orders.shipment_lines l where l.shipment_id = s.id)) order by s.id)
    from orders.shipments s where s.order_id = o.id
  ) as shipments, (
    select json_agg(json_build_object('id', r.id, 'no', r.return_no, 'status', r.status, 'version', r.version,
      'history', r.history, 'awaiting', r.awaiting_stock, 'money', r.money, 'withdrawal', r.is_withdrawal, 'created', r.created_at, 'updated', r.updated_at,
      'lines', (select json_agg(json_build_array(l.line_no, l.quantity, l.reason, l.resellable, l.damaged) order by l.line_no)
        from orders.return_lines l where l.return_id = r.id)) order by r.return_no)
    from orders.returns r where r.order_id = o.id
  ) as returns`,
)

type Steps = readonly { readonly status: string; readonly at: string }[]

type PartRow = {
  readonly id: string
  readonly status: string
  readonly version: number
  readonly history: Steps
  readonly created: string
  readonly updated: string
}

type ShipmentRow = PartRow & {
  readonly carrier: string
  readonly number: string
  readonly url: string
  readonly awaiting: boolean
  readonly replaces: string | null
  readonly resending: (Carriage & { readonly id: string; readonly since: string }) | null
  readonly lines: readonly (readonly [lineNo: number, quantity: number])[]
}

type ReturnRow = PartRow & {
  readonly no: number
  readonly awaiting: boolean
  readonly money: ReturnMoney
  readonly withdrawal: boolean
  readonly lines: readonly (readonly [
    lineNo: number,
    quantity: number,
    reason: string,
    resellable: number,
    damaged: number,
  ])[]
}

type FileRow = {
  readonly row: OrderRow
  readonly shipments: readonly ShipmentRow[] | null
  readonly returns: readonly ReturnRow[] | null
}

function shipmentFrom(order: Order, row: ShipmentRow): Shipment {
  return {
    ...partFrom<ShipmentStatus>(order, row),
    id: row.id as ShipmentId,
    ...{ carrier: row.carrier, trackingNumber: row.number, trackingUrl: row.url },
    awaitingMoney: row.awaiting,
    replaces: (row.replaces ?? undefined) as ShipmentId | undefined,
    resending: row.resending ? resendingFrom(row.resending) : undefined,
    lines: row.lines.map(([lineNo, quantity]) => ({ ...lineOf(order, lineNo), quantity })),
  }
}

const resendingFrom = ({ id, since, ...carriage }: NonNullable<ShipmentRow['resending']>): Resending => {
  return { ...carriage, id: id as ShipmentId, since: new Date(since) }
}

function returnFrom(order: Order, row: ReturnRow): Return {
  return {
    ...partFrom<ReturnState>(order, row),
    ...{ id: row.id as ReturnId, returnNo: row.no, awaitingStock: row.awaiting, money: row.money },
    isWithdrawal: row.withdrawal,
    lines: row.lines.map(([lineNo, quantity, reason, resellable, damaged]): ReturnLine => {
      return { ...lineOf(order, lineNo), quantity, reason, resellable, damaged }
    }),
  }
}

/** The database holds only what this service wrote, so its values are trusted. */
function partFrom<Status extends string>({ id }: Order, row: PartRow) {
  return {
    orderId: id,
    status: row.status as Status,
    version: row.version,
    history: row.history.map(({ status, at }) => ({ status: status as Status, at: new Date(at) })),
    createdAt: new Date(row.created),
    updatedAt: new Date(row.updated),
  }
}

function lineOf({ id, lines }: Order, lineNo: number) {
  const line = lines[lineNo - 1]
  if (!line) throw new Error(`order ${id} has no line ${lineNo}`)
  return { lineId: lineIdOf(id, lineNo), productId: line.productId }
}
