import { withOrder, type FileChange, type OrderFile } from './order-file.ts'
import { cartFate } from './cart-fate.ts'
import { lapse, pay, type Order, type OrderFlag, type PaymentStatus } from './order.ts'

/** What the payments say of an order's money, all told. Amounts are minor units of its currency. */
export type Money = {
  /** Counts the events of the order's money; the highest is the newest. */
  readonly gateVersion: number
  readonly dueMinor: bigint
  /** What can still be captured. */
  readonly authorizedMinor: bigint
  readonly capturedMinor: bigint
  readonly refundedMinor: bigint
  /**
   * How its attempts are. One waits for its customer, at a provider's page or at the bank; one is processing, in the hands
   * of a bank that will say its end.
   */
  readonly attempt: 'none' | 'open' | 'waiting' | 'processing' | 'failed'
  /** Of an attempt that is waiting or processing. */
  readonly method?: string | undefined
  readonly flags: readonly OrderFlag[]
}

/** Zero is covered at once. */
const isCovered = ({ dueMinor, authorizedMinor, capturedMinor }: Money): boolean =>
  authorizedMinor + capturedMinor >= dueMinor

export function paymentStatusOf(money: Money): PaymentStatus {
  const { dueMinor, authorizedMinor, capturedMinor, refundedMinor, attempt } = money
  if (refundedMinor > 0n) return refundedMinor >= capturedMinor ? 'refunded' : 'partially_refunded'
  if (authorizedMinor + capturedMinor > dueMinor) return 'overpaid'
  if (isCovered(money)) return capturedMinor >= dueMinor ? 'paid' : 'authorized'
  if (authorizedMinor + capturedMinor > 0n) return 'partially_paid'
  if (attempt === 'none') return 'unpaid'
  return attempt === 'failed' ? 'failed' : 'pending'
}

/**
 * Keeps what is newest of an order's money, whatever comes in which order. A covered order is paid; one whose money went
 * before anything was shipped is confirmed again. An order that is closing is ended by who closes it.
 */
export function applyMoney(
  file: OrderFile,
  money: Money,
  at: Date,
  reason = '',
  extension?: Extension,
): FileChange | undefined {
  const { order } = file
  if (money.gateVersion <= order.gateVersion) return undefined
  const known: Order = {
    ...order,
    gateVersion: money.gateVersion,
    paymentStatus: paymentStatusOf(money),
    holdUntil: extendedHold(order, extension),
    moneyTaken: money.capturedMinor >= money.dueMinor,
    flags: money.flags,
    ...(money.attempt === 'processing' ? withCartTaken(order) : {}),
  }
  const change = moved(known, isCovered(money), at, reason)
  return {
    state: withOrder(file, change?.state ?? known),
    events: (change?.events ?? []).map((event) => ({ of: 'order', event })),
  }
}

/** A bank has the money in hand: the buyer is done, and begins another cart. */
function withCartTaken(order: Order): Pick<Order, 'cartTaken' | 'awaitingCart'> {
  const isUndecided = order.status === 'confirmed' && !order.closing && order.terms !== undefined
  if (!isUndecided || cartFate(order) !== undefined) return order
  return { cartTaken: true, awaitingCart: true }
}

/** How long after its checkout an order is held for a payment that waits; undefined seconds: without an end. */
export type Extension = { readonly seconds: number | undefined }

/** Whoever confirms a payment at a provider's page, or pays at the bank, has more time, and so has the bank; never less than before. */
function extendedHold(
  { holdUntil, createdAt, terms }: Order,
  extension: Extension | undefined,
): Date | undefined {
  if (!holdUntil || !terms || !extension) return holdUntil
  if (extension.seconds === undefined) return undefined
  const cap = new Date(createdAt.getTime() + extension.seconds * 1_000)
  return cap > holdUntil ? cap : holdUntil
}

function moved(order: Order, covered: boolean, at: Date, reason: string) {
  if (order.closing) return undefined
  if (covered && order.status === 'confirmed') return pay(order, at, reason)
  if (!covered && order.status === 'paid' && order.fulfilmentStatus === 'none') return lapse(order, at)
  return undefined
}
