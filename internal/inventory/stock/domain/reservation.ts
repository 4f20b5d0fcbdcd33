import type { Change } from '../../../platform/change.ts'
import type { NewDecision, Shortage, StockLine } from './allocate.ts'
import type { OrderId, ProductId, ShipmentId } from '../../domain/ids.ts'

/** What is held may be released. Nothing follows on rejected, and on released only another hold. */
export type ReservationStatus = 'held' | 'rejected' | 'released'

/** What was decided for an order, kept for ever: the answer to every repetition of the question. */
export type Reservation = {
  readonly orderId: OrderId
  readonly status: ReservationStatus
  /** Counts the holds of the order: it can be held again after a release. */
  readonly holdNo: number
  /** Taken for the order: held for it or gone with its parcels. */
  readonly lines: readonly StockLine[]
  /** Not on the shelf when they were to be packed, all told. */
  readonly short: readonly StockLine[]
  /** Why it was rejected. */
  readonly shortages: readonly Shortage[]
  readonly version: number
}

/** How large a hold is to be from now on. */
export type HoldSize = {
  readonly orderId: OrderId
  readonly holdNo: number
  /** What stays taken. */
  readonly kept: readonly StockLine[]
  /** Of what does not: those that were not on the shelf, all told. */
  readonly short: readonly StockLine[]
  /** The order goes on: what stays taken is held for it. */
  readonly goesOn: boolean
}

export type ReturnedLine = {
  readonly productId: ProductId
  readonly resellable: number
  readonly damaged: number
}

export type ReservationEvent =
  | { readonly type: 'StockReserved'; readonly reservation: Reservation }
  | { readonly type: 'StockRejected'; readonly reservation: Reservation }
  /** `lines` is what came back, and `short` is what of it nobody can buy. */
  | {
      readonly type: 'StockReleased'
      readonly reservation: Reservation
      readonly lines: readonly StockLine[]
      readonly short: readonly StockLine[]
    }
  | {
      readonly type: 'StockReturned'
      readonly reservation: Reservation
      readonly returnNo: number
      readonly lines: readonly ReturnedLine[]
    }
  | {
      readonly type: 'StockReplaced'
      readonly reservation: Reservation
      readonly shipmentId: ShipmentId
      readonly lines: readonly StockLine[]
    }

export type ReservationChange = Change<Reservation, ReservationEvent>

/** What a request for a hold finds: its answer, or that it is to be decided, or that it has to come again. */
export type Standing = ReservationStatus | 'open' | 'busy'

/** A later hold begins when nothing is taken for the order any more. An earlier one is over, whatever came after it. */
export function standingOf(
  holdNo: number,
  current: Pick<Reservation, 'holdNo' | 'status' | 'lines'>,
): Standing {
  if (holdNo < current.holdNo) return 'released'
  if (holdNo === current.holdNo) return current.status
  return current.status === 'held' || current.lines.length > 0 ? 'busy' : 'open'
}

/** The decision about a later hold of an order. */
export function holdAgain(
  { short, version }: Reservation,
  holdNo: number,
  decision: NewDecision,
): ReservationChange | undefined {
  const first = openReservation(decision)
  if (!first) return undefined
  const state: Reservation = { ...first.state, holdNo, short, version: version + 1 }
  return {
    state,
    events: [{ type: state.status === 'held' ? 'StockReserved' : 'StockRejected', reservation: state }],
  }
}

/** An order with an unknown product is not decided at all: nothing is kept of it. */
export function openReservation(decision: NewDecision): ReservationChange | undefined {
  const { orderId, outcome } = decision
  const fresh = { orderId, holdNo: 1, lines: [], short: [], shortages: [], version: 1 }
  switch (outcome) {
    case 'held': {
      const state: Reservation = { ...fresh, status: 'held', lines: decision.lines }
      return { state, events: [{ type: 'StockReserved', reservation: state }] }
    }
    case 'rejected': {
      const state: Reservation = { ...fresh, status: 'rejected', shortages: decision.shortages }
      return { state, events: [{ type: 'StockRejected', reservation: state }] }
    }
    case 'unknown-product':
      return undefined
  }
}

/**
 * What is taken beyond `kept` goes back, less what was not on the shelf. It says how much is to stay and not how much is
 * to go, so a repetition or a late one finds nothing to do. Before the reservation of its hold it leaves a tombstone, so
 * that the late one holds nothing. A rejected reservation stays as it is, and so does another hold than the one meant, with
 * what is taken for it.
 */
export function release(size: HoldSize, current: Reservation | undefined): ReservationChange {
  if (!current) return buried(size)
  const isLate = size.holdNo < current.holdNo
  const isEarly = size.holdNo > current.holdNo
  const isOther = isEarly ? size.goesOn || current.lines.length > 0 : current.status === 'rejected'
  if (isLate || isOther) return { state: current, events: [] }
  const lines = beyond(current.lines, size.kept)
  const short = within(beyond(size.short, current.short), lines)
  const status = size.goesOn ? current.status : 'released'
  if (lines.length === 0 && status === current.status && !isEarly) return { state: current, events: [] }
  const state: Reservation = {
    ...current,
    ...{ status, holdNo: size.holdNo },
    lines: beyond(current.lines, lines),
    short: together(current.short, short),
    version: current.version + 1,
  }
  return { state, events: [{ type: 'StockReleased', reservation: state, lines, short }] }
}

function buried({ orderId, holdNo }: HoldSize): ReservationChange {
  const nothing = { holdNo, lines: [], short: [], shortages: [], version: 1 }
  const state: Reservation = { orderId, status: 'released', ...nothing }
  return { state, events: [{ type: 'StockReleased', reservation: state, lines: [], short: [] }] }
}

/** Goods came back. What nobody can buy is written off. */
export function bookReturn(
  returnNo: number,
  lines: readonly ReturnedLine[],
  current: Reservation,
): ReservationChange {
  const state: Reservation = { ...current, version: current.version + 1 }
  return { state, events: [{ type: 'StockReturned', reservation: state, returnNo, lines }] }
}

/** Goods are taken once more. What is taken for the order itself stays as it is. */
export function replaceGoods(
  shipmentId: ShipmentId,
  lines: readonly StockLine[],
  current: Reservation,
): ReservationChange {
  const state: Reservation = { ...current, version: current.version + 1 }
  return { state, events: [{ type: 'StockReplaced', reservation: state, shipmentId, lines }] }
}

type Units = ReadonlyMap<ProductId, number>

const unitsOf = (lines: readonly StockLine[]): Units =>
  new Map(lines.map(({ productId, quantity }) => [productId, quantity]))

/** By how much each line exceeds that of `others`. */
function beyond(lines: readonly StockLine[], others: readonly StockLine[]): readonly StockLine[] {
  const other = unitsOf(others)
  return lines
    .map(({ productId, quantity }) => ({ productId, quantity: quantity - (other.get(productId) ?? 0) }))
    .filter(({ quantity }) => quantity > 0)
}

/** No more of each line than `others` have. */
function within(lines: readonly StockLine[], others: readonly StockLine[]): readonly StockLine[] {
  const other = unitsOf(others)
  return lines
    .map(({ productId, quantity }) => ({
      productId,
      quantity: Math.min(quantity, other.get(productId) ?? 0),
    }))
    .filter(({ quantity }) => quantity > 0)
}

function together(lines: readonly StockLine[], more: readonly StockLine[]): readonly StockLine[] {
  const units = new Map(unitsOf(lines))
  for (const { productId, quantity } of more) units.set(productId, (units.get(productId) ?? 0) + quantity)
  return [...units].map(([productId, quantity]) => ({ productId, quantity }))
}
