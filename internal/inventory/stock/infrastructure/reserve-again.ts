import type { Sql } from '../../../platform/database.ts'
import { failpoint } from '../../../platform/failpoint.ts'
import type { TracedRequest } from '../application/reservations.ts'
import { answerOf, type NewDecision, type StockDecision } from '../domain/allocate.ts'
import type { OrderId } from '../../domain/ids.ts'
import { holdAgain, standingOf, type Reservation, type ReservationChange } from '../domain/reservation.ts'
import { lowAfter, type Batch } from './low-after.ts'
import { tellLowStock } from './low-stock.ts'
import { lockReservations } from './release-sql.ts'
import { lockStock, sumTaken, storeHolds } from './reserve-again-sql.ts'
import { encodeReservationEvent } from './stock-events.ts'

/**
 * Later holds of orders, each on the row of the earlier one. They are rare, so they have statements of their own, and
 * those of the hot path know nothing of them. An order that has no row at all is busy: its first hold comes first.
 */
export async function reserveAgain(
  tx: Sql,
  { requests, decide, at, lowUnits }: Batch,
): Promise<ReadonlyMap<OrderId, StockDecision>> {
  const wanted = latestOfEach(requests)
  const current = await lockAll(tx, [...wanted.keys()].sort())
  const answers = new Map<OrderId, StockDecision>()
  const open: TracedRequest[] = []
  for (const request of wanted.values()) {
    const { orderId, holdNo } = request
    const reservation = current.get(orderId)
    const standing = reservation ? standingOf(holdNo, reservation) : 'busy'
    if (standing === 'open') open.push(request)
    else answers.set(orderId, answerFor(standing, orderId, reservation))
  }
  if (open.length === 0) return answers
  const products = [...new Set(open.flatMap(({ lines }) => lines.map(({ productId }) => productId)))]
  const available = await lockStock(tx, products.sort())
  const { left, decisions } = decide(available, open)
  const changes = open.map((request, index) => changeOf(request, decisions[index], current))
  const stock = [...left].filter(([productId, units]) => available.get(productId) !== units)
  await storeHolds(
    tx,
    {
      stock,
      reservations: changes.flatMap((change) => (change ? [change.state] : [])),
      events: changes.flatMap((change, index) => {
        const trace = open[index]?.trace
        return change && trace ? change.events.map((event) => encodeReservationEvent(event, at, trace)) : []
      }),
    },
    at,
  )
  await tellLowStock(tx, lowAfter({ lowUnits, requests: open, available, left: stock }), at)
  failpoint('insert-commit')
  for (const decision of decisions) answers.set(decision.orderId, answerOf(decision))
  return answers
}

function changeOf(
  { orderId, holdNo }: TracedRequest,
  decision: NewDecision | undefined,
  current: ReadonlyMap<OrderId, Reservation>,
): ReservationChange | undefined {
  const reservation = current.get(orderId)
  return decision && reservation && holdAgain(reservation, holdNo, decision)
}

/** Of several holds of an order the latest: the earlier ones are over with it. */
function latestOfEach(requests: readonly TracedRequest[]): ReadonlyMap<OrderId, TracedRequest> {
  const latest = new Map<OrderId, TracedRequest>()
  for (const request of requests)
    if (request.holdNo > (latest.get(request.orderId)?.holdNo ?? 0)) latest.set(request.orderId, request)
  return latest
}

/** What is taken does not change meanwhile, because the reservations are locked. */
async function lockAll(tx: Sql, ids: readonly OrderId[]): Promise<ReadonlyMap<OrderId, Reservation>> {
  const rows = await lockReservations(tx, ids)
  const taken = await sumTaken(tx, ids)
  return new Map(
    rows.map(({ shortages, ...row }) => {
      const lines = taken.filter(({ orderId }) => orderId === row.orderId)
      return [row.orderId, { ...row, lines, short: [], shortages: shortages ?? [] }]
    }),
  )
}

function answerFor(
  outcome: Exclude<ReturnType<typeof standingOf>, 'open'>,
  orderId: OrderId,
  reservation: Reservation | undefined,
): StockDecision {
  if (outcome !== 'rejected') return { orderId, outcome }
  return { orderId, outcome, shortages: reservation?.shortages ?? [] }
}
