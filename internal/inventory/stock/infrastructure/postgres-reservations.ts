import { isDatabaseOutage, isLockTimeout, retryContention, type Sql } from '../../../platform/database.ts'
import { failpoint } from '../../../platform/failpoint.ts'
import { groupCommit } from '../../../platform/group-commit.ts'
import type { OutboxEvent, WakeProducer } from '../../../platform/outbox.ts'
import type { PoolSql } from '../../../platform/pool-sql.ts'
import type { ReplacementDecision, Reservations, TracedRequest } from '../application/reservations.ts'
import {
  answerOf,
  putOff,
  type Allocation,
  type NewDecision,
  type StockDecision,
} from '../domain/allocate.ts'
import type { OrderId, ProductId } from '../../domain/ids.ts'
import { openReservation } from '../domain/reservation.ts'
import { encodeReservationEvent } from './stock-events.ts'
import { bookAll } from './release-reservations.ts'
import { releaseTogether } from './release-together.ts'
import { tellLowStock } from './low-stock.ts'
import { lowAfter, type Batch, type Reserving } from './low-after.ts'
import { replaceInTransaction } from './replace-goods.ts'
import { reserveAgain } from './reserve-again.ts'
import {
  claim,
  claimUnlocked,
  readAnswers,
  storeDecisions,
  type ClaimStock,
  type Decided,
  type HeldLine,
  type Rejected,
  type StoredAnswer,
} from './reservation-sql.ts'

/** A caller brings up to 1,000 orders; more than this together would only hold the locks for longer. */
const maxCalls = 5

/** Those who end or revive orders bring one or a few, fifty of them at once. */
const maxSmallCalls = 50

/** Far more than a batch of another replica holds its locks for. Longer is somebody else, who may hold them for minutes. */
const lockTimeoutMs = 300

/** `lowUnits`: below so many, stock is low; without it nothing is told. */
export function postgresReservations(sql: PoolSql, wakeProducer: WakeProducer, lowUnits = 0): Reservations {
  async function reserveCalls(calls: readonly Reserving[]): Promise<readonly (readonly StockDecision[])[]> {
    const requests = calls.flatMap((call) => call.requests)
    const [first] = calls
    if (!first) return []
    const { decide, at } = first // all callers bring the same rule
    const answers = await retryContention(() => reserveBatch(sql, { requests, decide, at, lowUnits }))
    wakeProducer()
    return calls.map((call) => call.requests.map(({ orderId }) => answerFor(orderId, answers)))
  }
  async function reserveLaterCalls(
    calls: readonly Reserving[],
  ): Promise<readonly (readonly StockDecision[])[]> {
    const requests = calls.flatMap((call) => call.requests)
    const [first] = calls
    if (!first) return []
    const { decide, at } = first
    const answers = await retryContention(() => reserveLaterHolds(sql, { requests, decide, at, lowUnits }))
    wakeProducer()
    return calls.map((call) => call.requests.map(({ orderId }) => answerFor(orderId, answers)))
  }
  // One at a time: a second transaction would wait for the first one's locks, and what waits here can go together.
  const together = { maxBatch: maxCalls, inFlight: 1, isOutage: isDatabaseOutage }
  const reserve = groupCommit(reserveCalls, together)
  const reserveLater = groupCommit(reserveLaterCalls, { ...together, maxBatch: maxSmallCalls })
  const release = releaseTogether(sql, wakeProducer)
  return {
    async reserve(requests, decide, at) {
      if (requests.every(isFirst)) return reserve({ requests, decide, at })
      const later = requests.filter((request) => !isFirst(request))
      const firsts =
        later.length < requests.length
          ? await reserve({ requests: requests.filter(isFirst), decide, at })
          : []
      const others = await reserveLater({ requests: later, decide, at })
      const [first, other] = [[...firsts], [...others]]
      return requests.flatMap((request) => (isFirst(request) ? first : other).splice(0, 1))
    },
    release,
    async bookReturns(returns, at) {
      await retryContention(() => sql.transaction((tx) => bookAll(tx, returns, at)))
      wakeProducer()
    },
    async replace(wanted, decide, at) {
      const decision = await retryContention(() => replace(sql, { wanted, decide, at, lowUnits }))
      wakeProducer()
      return decision
    },
  }
}

async function replace(
  sql: PoolSql,
  wanted: Parameters<typeof replaceInTransaction>[1],
): Promise<ReplacementDecision> {
  try {
    return await sql.transaction((tx) => replaceInTransaction(tx, wanted), { lockTimeoutMs })
  } catch (err) {
    if (!isLockTimeout(err)) throw err
    return { outcome: 'busy' }
  }
}

const isFirst = ({ holdNo }: TracedRequest): boolean => holdNo === 1

type Answers = ReadonlyMap<OrderId, StockDecision>

/** While somebody else has locked any of their stock, all of them wait. */
async function reserveLaterHolds(sql: PoolSql, batch: Batch): Promise<Answers> {
  const { requests } = batch
  try {
    return await sql.transaction((tx) => reserveAgain(tx, batch), { lockTimeoutMs })
  } catch (err) {
    if (!isLockTimeout(err)) throw err
    return new Map(requests.map(({ orderId }) => [orderId, { orderId, outcome: 'busy' }]))
  }
}

/** A foreign lock on some rows puts off the orders that need them, and no others. */
async function reserveBatch(sql: PoolSql, batch: Batch): Promise<Answers> {
  const reserve = (claimStock: ClaimStock) =>
    sql.transaction((tx) => reserveAll(tx, batch, claimStock), { lockTimeoutMs })
  try {
    return await reserve(claim)
  } catch (err) {
    if (!isLockTimeout(err)) throw err
    return reserve(claimUnlocked)
  }
}

async function reserveAll(
  tx: Sql,
  { requests, decide, at, lowUnits }: Batch,
  claimStock: ClaimStock,
): Promise<Answers> {
  const unique = firstOfEach(requests)
  const ids = [...unique.keys()].sort()
  const products = new Set(requests.flatMap((request) => request.lines.map((line) => line.productId)))
  const { claimed, available, lockedOut } = await claimStock(tx, ids, [...products], at)
  const fresh = [...unique.values()].filter((request) => claimed.has(request.orderId))
  const others = ids.filter((id) => !claimed.has(id))
  const answers = new Map<OrderId, StockDecision>()
  if (fresh.length > 0) {
    const busy = putOff(fresh, lockedOut)
    const decidable = fresh.filter(({ orderId }) => !busy.has(orderId))
    const allocation = decide(available, decidable)
    const decided = toStore(allocation, available, decidable, at)
    await storeDecisions(tx, { ...decided, undecided: [...decided.undecided, ...busy] }, at)
    await tellLowStock(tx, lowAfter({ lowUnits, requests: decidable, available, left: decided.stock }), at)
    failpoint('insert-commit')
    for (const orderId of busy) answers.set(orderId, { orderId, outcome: 'busy' })
    for (const decision of allocation.decisions) answers.set(decision.orderId, answerOf(decision))
  }
  if (others.length > 0) {
    for (const stored of await readAnswers(tx, others)) answers.set(stored.orderId, storedAnswer(stored))
  }
  return answers
}

/** A later request for the same order is a repetition of the first. */
function firstOfEach(requests: readonly TracedRequest[]): ReadonlyMap<OrderId, TracedRequest> {
  const unique = new Map<OrderId, TracedRequest>()
  for (const request of requests) if (!unique.has(request.orderId)) unique.set(request.orderId, request)
  return unique
}

function toStore(
  { left, decisions }: Allocation,
  available: ReadonlyMap<ProductId, number>,
  requests: readonly TracedRequest[],
  at: Date,
): Decided {
  const held: HeldLine[] = []
  const rejected: Rejected[] = []
  const undecided: OrderId[] = []
  for (const decision of decisions) {
    const { orderId, outcome } = decision
    if (outcome === 'held') for (const line of decision.lines) held.push({ orderId, ...line })
    else if (outcome === 'rejected') rejected.push({ orderId, shortages: decision.shortages })
    else undecided.push(orderId)
  }
  const stock = [...left].filter(([productId, units]) => available.get(productId) !== units)
  return { stock, held, rejected, undecided, events: eventsOf(decisions, requests, at) }
}

function eventsOf(
  decisions: readonly NewDecision[],
  requests: readonly TracedRequest[],
  at: Date,
): readonly OutboxEvent[] {
  return requests.flatMap(({ trace }, index) => {
    const decision = decisions[index]
    const events = (decision && openReservation(decision)?.events) ?? []
    return events.map((event) => encodeReservationEvent(event, at, trace))
  })
}

function answerFor(orderId: OrderId, answers: Answers): StockDecision {
  const answer = answers.get(orderId)
  if (!answer) throw new Error(`the reservation of order ${orderId} is neither claimed nor stored`)
  return answer
}

function storedAnswer({ orderId, status, shortages }: StoredAnswer): StockDecision {
  return status === 'rejected'
    ? { orderId, outcome: status, shortages: shortages ?? [] }
    : { orderId, outcome: status }
}
