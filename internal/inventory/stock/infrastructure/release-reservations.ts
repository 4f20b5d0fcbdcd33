import type { Sql } from '../../../platform/database.ts'
import type { Trace } from '../../../platform/call.ts'
import { Refusal } from '../../../platform/refusal.ts'
import type { Release, ReturnedGoods } from '../application/reservations.ts'
import type { OrderId } from '../../domain/ids.ts'
import {
  bookReturn,
  release,
  type Reservation,
  type ReservationChange,
  type ReservationEvent,
} from '../domain/reservation.ts'
import { encodeReservationEvent } from './stock-events.ts'
import {
  buryAbsent,
  lockReservations,
  lockTaken,
  returnsBooked,
  storeMovements,
  type MovedLine,
} from './release-sql.ts'

export async function releaseAll(tx: Sql, releases: readonly Release[], at: Date): Promise<void> {
  const asked = new Map<OrderId, Release>()
  for (const each of releases)
    if (each.holdNo >= (asked.get(each.orderId)?.holdNo ?? 0)) asked.set(each.orderId, each)
  const ids = [...asked.keys()].sort()
  const buried = await buryAbsent(tx, ids, at)
  const present = ids.filter((id) => !buried.has(id))
  const current = await lockAll(tx, present)
  const changes = [...asked].sort(byOrder).map(([id, size]) => release(size, current.get(id)))
  await storeAll(tx, changes, (id) => asked.get(id)?.trace, at)
}

/** The orders of the returns have reservations, which nobody removes. */
export async function bookAll(tx: Sql, returns: readonly ReturnedGoods[], at: Date): Promise<void> {
  const ids = [...new Set(returns.map(({ orderId }) => orderId))].sort()
  const current = new Map(await lockAll(tx, ids))
  const booked = await returnsBooked(tx, ids)
  const traces = new Map<OrderId, Trace>()
  for (const { orderId, returnNo, lines, trace } of returns) {
    const reservation = current.get(orderId)
    if (!reservation) throw unknownOrder(orderId)
    const key = `${orderId} ${returnNo}`
    if (booked.has(key)) continue
    booked.add(key)
    traces.set(orderId, trace)
    const change = bookReturn(returnNo, lines, reservation)
    current.set(orderId, change.state)
    await storeAll(tx, [change], () => trace, at)
  }
}

/** Stores what has changed of reservations, with their events and their rows of the ledger. */
export async function storeAll(
  tx: Sql,
  changes: readonly ReservationChange[],
  traceOf: (id: OrderId) => Trace | undefined,
  at: Date,
): Promise<void> {
  const events = changes.flatMap((change) => change.events)
  if (events.length === 0) return
  const changed = changes.filter((change) => change.events.length > 0).map(({ state }) => state)
  const outbox = events.flatMap((event) => {
    const trace = traceOf(event.reservation.orderId)
    return trace ? [encodeReservationEvent(event, at, trace)] : []
  })
  await storeMovements(tx, { lines: events.flatMap(movedBy), reservations: changed, events: outbox }, at)
}

/** The rows of the ledger for an event. Each has a key of its own: (order, product, kind, hold, step). */
function movedBy(event: ReservationEvent): readonly MovedLine[] {
  const { orderId, holdNo, version } = event.reservation
  if (event.type === 'StockReleased') {
    const about = { orderId, holdNo, step: version }
    return [
      ...event.lines.map((line): MovedLine => ({ ...about, ...line, kind: 'release' })),
      ...event.short.map(({ productId, quantity }): MovedLine => ({
        ...about,
        productId,
        quantity: -quantity,
        kind: 'short',
      })),
    ]
  }
  if (event.type === 'StockReplaced')
    return event.lines.map(({ productId, quantity }) => {
      return { orderId, holdNo, step: version, productId, quantity: -quantity, kind: 'replace' }
    })
  if (event.type !== 'StockReturned') return []
  const about = { orderId, holdNo, step: event.returnNo }
  return event.lines.flatMap(({ productId, resellable, damaged }): MovedLine[] => [
    { ...about, productId, quantity: resellable + damaged, kind: 'return' },
    ...(damaged > 0 ? [{ ...about, productId, quantity: -damaged, kind: 'write-off' as const }] : []),
  ])
}

/** Locks the reservations of orders (ascending), and the stock of what is taken for them. */
export async function lockAll(tx: Sql, ids: readonly OrderId[]): Promise<ReadonlyMap<OrderId, Reservation>> {
  if (ids.length === 0) return new Map()
  const rows = await lockReservations(tx, ids)
  const taken = await lockTaken(tx, ids)
  const linesOf = (id: OrderId, of: 'taken' | 'short') =>
    taken
      .filter((row) => row.orderId === id && row[of] > 0)
      .map((row) => ({ productId: row.productId, quantity: row[of] }))
  return new Map(
    rows.map(({ orderId, status, shortages, version, holdNo }) => [
      orderId,
      {
        ...{ orderId, status, holdNo, version },
        lines: linesOf(orderId, 'taken'),
        short: linesOf(orderId, 'short'),
        shortages: shortages ?? [],
      },
    ]),
  )
}

const byOrder = ([a]: readonly [OrderId, unknown], [b]: readonly [OrderId, unknown]): number =>
  a < b ? -1 : 1

export const unknownOrder = (orderId: OrderId): Refusal =>
  new Refusal('invalid', 'stock.unknown-order', 'nothing was ever taken for this order', { orderId })
