import { Refusal } from '../../platform/refusal.ts'
import type {
  Replacement,
  ReplacementDecision,
  Reservations,
  ReturnedGoods,
  TracedRequest,
} from '../stock/application/reservations.ts'
import type { Allocate, StockDecision } from '../stock/domain/allocate.ts'
import type { OrderId, ProductId } from '../domain/ids.ts'
import {
  bookReturn,
  holdAgain,
  openReservation,
  release,
  replaceGoods,
  standingOf,
  type Reservation,
} from '../stock/domain/reservation.ts'
import { encodeReservationEvent } from '../stock/infrastructure/stock-events.ts'
import type { InventoryTables, Movement } from './inventory-tables.ts'

export function fakeReservations(tables: InventoryTables): Reservations {
  return {
    reserve: async (requests, decide, at) => requests.map((request) => reserve(tables, request, decide, at)),
    async release(releases, at) {
      for (const size of releases) {
        const { orderId, trace } = size
        const current = tables.reservations.get(orderId)
        const { state, events } = release(size, current)
        tables.reservations.set(orderId, state)
        const about = { orderId, holdNo: state.holdNo, step: state.version }
        for (const event of events) {
          if (event.type !== 'StockReleased') continue
          for (const line of event.lines) book(tables, { ...line, ...about, kind: 'release' })
          for (const { productId, quantity } of event.short)
            book(tables, { productId, quantity: -quantity, ...about, kind: 'short' })
        }
        tables.append(events.map((event) => encodeReservationEvent(event, at, trace)))
      }
    },
    async bookReturns(returns, at) {
      for (const goods of returns) bookGoods(tables, goods, at)
    },
    replace: async (wanted, decide, at) => replace(tables, wanted, decide, at),
  }
}

/** One after the other is what one batch comes to. */
function reserve(tables: InventoryTables, request: TracedRequest, decide: Allocate, at: Date): StockDecision {
  const { orderId, holdNo, trace } = request
  const stored = tables.reservations.get(orderId)
  const standing = stored ? standingOf(holdNo, stored) : holdNo === 1 ? 'open' : 'busy'
  if (standing === 'busy' || standing === 'released') return { orderId, outcome: standing }
  if (stored && standing !== 'open') return answerFor(stored)
  const available = new Map<ProductId, number>()
  for (const stock of tables.stock.values()) available.set(stock.productId, stock.available)
  const [decision] = decide(available, [request]).decisions
  if (!decision) throw new Error('one request has one decision')
  const change = stored ? holdAgain(stored, holdNo, decision) : openReservation(decision)
  if (!change) return { orderId, outcome: 'unknown-product' }
  tables.reservations.set(orderId, change.state)
  for (const { productId, quantity } of change.state.lines)
    book(tables, { productId, quantity: -quantity, orderId, holdNo, kind: 'reserve', step: 0 })
  tables.append(change.events.map((event) => encodeReservationEvent(event, at, trace)))
  return answerFor(change.state)
}

function bookGoods(tables: InventoryTables, goods: ReturnedGoods, at: Date): void {
  const { orderId, returnNo, lines, trace } = goods
  const current = tables.reservations.get(orderId)
  if (!current) throw unknownOrder(orderId)
  const isBooked = tables.movements.some(
    (movement) => movement.orderId === orderId && movement.kind === 'return' && movement.step === returnNo,
  )
  if (isBooked) return
  const { state, events } = bookReturn(returnNo, lines, current)
  tables.reservations.set(orderId, state)
  const about = { orderId, holdNo: state.holdNo, step: returnNo }
  for (const { productId, resellable, damaged } of lines) {
    book(tables, { ...about, productId, kind: 'return', quantity: resellable + damaged })
    if (damaged > 0) book(tables, { ...about, productId, kind: 'write-off', quantity: -damaged })
  }
  tables.append(events.map((event) => encodeReservationEvent(event, at, trace)))
}

function replace(
  tables: InventoryTables,
  wanted: Replacement,
  decide: Allocate,
  at: Date,
): ReplacementDecision {
  const { orderId, shipmentId, lines, trace } = wanted
  const current = tables.reservations.get(orderId)
  if (!current) throw unknownOrder(orderId)
  const earlier = tables.replacements.get(shipmentId)
  if (earlier) return earlier
  const available = new Map([...tables.stock.values()].map((stock) => [stock.productId, stock.available]))
  const [decision] = decide(available, [wanted]).decisions
  const made: ReplacementDecision =
    decision?.outcome === 'rejected'
      ? { outcome: 'rejected', shortages: decision.shortages }
      : { outcome: 'taken' }
  tables.replacements.set(shipmentId, made)
  if (made.outcome === 'rejected') return made
  const { state, events } = replaceGoods(shipmentId, lines, current)
  tables.reservations.set(orderId, state)
  const about = { orderId, holdNo: state.holdNo, step: state.version }
  for (const { productId, quantity } of lines)
    book(tables, { ...about, productId, kind: 'replace', quantity: -quantity })
  tables.append(events.map((event) => encodeReservationEvent(event, at, trace)))
  return made
}

const unknownOrder = (orderId: OrderId): Refusal =>
  new Refusal('invalid', 'stock.unknown-order', 'nothing was ever taken for this order', { orderId })

function answerFor({ orderId, status, shortages }: Reservation): StockDecision {
  return status === 'rejected' ? { orderId, outcome: status, shortages } : { orderId, outcome: status }
}

type Booked = Pick<Movement, 'productId' | 'kind' | 'quantity' | 'holdNo' | 'step'> & {
  readonly orderId: OrderId
}

function book({ stock, movements }: InventoryTables, movement: Booked): void {
  const { productId, quantity } = movement
  const row = stock.get(productId)
  if (row) stock.set(productId, { ...row, available: row.available + quantity })
  movements.push({ ...movement, idempotencyKey: undefined })
}
