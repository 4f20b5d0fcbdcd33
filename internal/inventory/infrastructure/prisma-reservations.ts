import type { Call } from '../../platform/call.ts'
import { retryContention, type Sql } from '../../platform/database.ts'
import { outboxEvent, type OutboxEvent, type WakeProducer } from '../../platform/outbox.ts'
import type { Allocate, CausedRequest, Reservations, StockDecision } from '../application/reservations.ts'
import type { Decision, StockLine } from '../domain/allocate.ts'
import type { OrderId } from '../domain/ids.ts'
import { openReservation, type Reservation, type ReservationChange } from '../domain/reservation.ts'
import type { PrismaClient } from './db/client.ts'
import { reservationEvent } from './inventory-events.ts'
import {
  buryAbsent,
  claim,
  lockHeldLines,
  lockReservations,
  readAnswers,
  storeDecisions,
  storeReleases,
  type Claim,
  type StoredAnswer,
} from './reservation-sql.ts'

export function prismaReservations(db: PrismaClient, wakeProducer: WakeProducer): Reservations {
  return {
    async reserve(requests, allocate, at, call) {
      const answers = await retryContention(() =>
        db.$transaction((tx) => reserve(tx, requests, allocate, at, call)),
      )
      wakeProducer()
      return answers
    },
    async release(orderIds, decide, at, call) {
      await retryContention(() => db.$transaction((tx) => release(tx, orderIds, decide, at, call)))
      wakeProducer()
    },
  }
}

async function reserve(
  tx: Sql,
  requests: readonly CausedRequest[],
  allocate: Allocate,
  at: Date,
  call: Call,
): Promise<readonly StockDecision[]> {
  const unique = new Map(requests.map((request) => [request.orderId, request]))
  const ids = [...unique.keys()].sort()
  const products = new Set(requests.flatMap((request) => request.lines.map((line) => line.productId)))
  const claimed = await claim(tx, ids, [...products], at)
  const fresh = [...unique.values()].filter((request) => claimed.claimed.has(request.orderId))
  const answers = new Map<OrderId, StockDecision>()
  if (fresh.length > 0) {
    const decisions = await decide(tx, fresh, claimed, allocate, at, call)
    for (const decision of decisions) answers.set(decision.orderId, answerOf(decision))
  }
  if (fresh.length < ids.length) {
    const decided = ids.filter((id) => !claimed.claimed.has(id))
    for (const stored of await readAnswers(tx, decided)) answers.set(stored.orderId, storedAnswer(stored))
  }
  return requests.map(({ orderId }) => {
    const answer = answers.get(orderId)
    if (!answer) throw new Error(`the reservation of order ${orderId} is neither claimed nor stored`)
    return answer
  })
}

async function decide(
  tx: Sql,
  requests: readonly CausedRequest[],
  { available }: Claim,
  allocate: Allocate,
  at: Date,
  call: Call,
): Promise<readonly Decision[]> {
  const { left, decisions } = allocate(available, requests)
  const events = requests.flatMap((request, index): OutboxEvent[] => {
    const decision = decisions[index]
    const change = decision && openReservation(decision)
    const cause = { ...call, correlationId: request.correlationId || call.correlationId }
    return (change?.events ?? []).map((event) =>
      outboxEvent(reservationEvent(event, at), cause, request.causationId),
    )
  })
  await storeDecisions(
    tx,
    {
      stock: [...left].filter(([productId, units]) => available.get(productId) !== units),
      held: decisions.flatMap((decision) =>
        decision.outcome === 'held'
          ? decision.lines.map((line) => ({ ...line, orderId: decision.orderId }))
          : [],
      ),
      rejected: decisions.filter((decision) => decision.outcome === 'rejected'),
      undecided: decisions
        .filter(({ outcome }) => outcome === 'unknown-product')
        .map(({ orderId }) => orderId),
      events,
    },
    at,
  )
  return decisions
}

async function release(
  tx: Sql,
  orderIds: readonly OrderId[],
  decide: (orderId: OrderId, current: Reservation | undefined) => ReservationChange,
  at: Date,
  call: Call,
): Promise<void> {
  const ids = [...orderIds].sort()
  const buried = await buryAbsent(tx, ids, at)
  const present = ids.filter((id) => !buried.has(id))
  const current = present.length > 0 ? await readReservations(tx, present) : new Map<OrderId, Reservation>()
  const changes = ids.map((id) => decide(id, current.get(id)))
  const events = changes.flatMap((change) => change.events)
  if (events.length === 0) return
  const back = events.filter(
    (event) => event.type === 'StockReleased' && current.has(event.reservation.orderId),
  )
  await storeReleases(
    tx,
    {
      lines: back.flatMap(({ reservation: { orderId } }) =>
        (current.get(orderId)?.lines ?? []).map((line) => ({ ...line, orderId })),
      ),
      orderIds: back.map((event) => event.reservation.orderId),
      events: events.map((event) => outboxEvent(reservationEvent(event, at), call)),
    },
    at,
  )
}

async function readReservations(
  tx: Sql,
  ids: readonly OrderId[],
): Promise<ReadonlyMap<OrderId, Reservation>> {
  const rows = await lockReservations(tx, ids)
  const held = rows.filter((row) => row.status === 'held').map((row) => row.orderId)
  const lines = held.length > 0 ? await lockHeldLines(tx, held) : []
  const linesOf = new Map(held.map((orderId): [OrderId, StockLine[]] => [orderId, []]))
  for (const { orderId, productId, quantity } of lines) linesOf.get(orderId)?.push({ productId, quantity })
  return new Map(
    rows.map(({ orderId, status, shortages, version }) => [
      orderId,
      { orderId, status, lines: linesOf.get(orderId) ?? [], shortages: shortages ?? [], version },
    ]),
  )
}

function answerOf(decision: Decision): StockDecision {
  const { orderId, outcome } = decision
  return { orderId, outcome, shortages: decision.outcome === 'rejected' ? decision.shortages : [] }
}

function storedAnswer({ orderId, status, shortages }: StoredAnswer): StockDecision {
  return { orderId, outcome: status, shortages: shortages ?? [] }
}
