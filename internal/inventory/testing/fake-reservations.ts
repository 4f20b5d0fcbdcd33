import type { Reservations, TracedRequest } from '../stock/application/reservations.ts'
import type { Allocate, StockDecision, StockLine } from '../stock/domain/allocate.ts'
import type { OrderId, ProductId } from '../domain/ids.ts'
import { openReservation, release, type Reservation } from '../stock/domain/reservation.ts'
import { encodeReservationEvent } from '../stock/infrastructure/stock-events.ts'
import type { InventoryTables } from './inventory-tables.ts'

export function fakeReservations(tables: InventoryTables): Reservations {
  return {
    reserve: async (requests, decide, at) => requests.map((request) => reserve(tables, request, decide, at)),
    async release(releases, at) {
      for (const { orderId, trace } of releases) {
        const current = tables.reservations.get(orderId)
        const { state, events } = release(orderId, current)
        tables.reservations.set(orderId, state)
        const back = current?.status === 'held' ? current.lines : []
        book(tables, orderId, 'release', back)
        tables.append(events.map((event) => encodeReservationEvent(event, at, trace)))
      }
    },
  }
}

/** One after the other is what one batch comes to. */
function reserve(tables: InventoryTables, request: TracedRequest, decide: Allocate, at: Date): StockDecision {
  const { orderId, trace } = request
  const stored = tables.reservations.get(orderId)
  if (stored) return answerFor(stored)
  const available = new Map<ProductId, number>()
  for (const stock of tables.stock.values()) available.set(stock.productId, stock.available)
  const [decision] = decide(available, [request]).decisions
  if (!decision) throw new Error('one request has one decision')
  const change = openReservation(decision)
  if (!change) return { orderId, outcome: 'unknown-product' }
  tables.reservations.set(orderId, change.state)
  const taken = change.state.lines.map((line) => ({ ...line, quantity: -line.quantity }))
  book(tables, orderId, 'reserve', taken)
  tables.append(change.events.map((event) => encodeReservationEvent(event, at, trace)))
  return answerFor(change.state)
}

function answerFor({ orderId, status, shortages }: Reservation): StockDecision {
  return status === 'rejected' ? { orderId, outcome: status, shortages } : { orderId, outcome: status }
}

function book(
  { stock, movements }: InventoryTables,
  orderId: OrderId,
  kind: 'reserve' | 'release',
  lines: readonly StockLine[],
): void {
  for (const { productId, quantity } of lines) {
    const row = stock.get(productId)
    if (row) stock.set(productId, { ...row, available: row.available + quantity })
    movements.push({ productId, orderId, kind, quantity, idempotencyKey: undefined })
  }
}
