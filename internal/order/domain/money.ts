import { withOrder, type FileChange, type OrderFile } from './order-file.ts'
import { lapse, pay, type Order, type PaymentStatus } from './order.ts'

/** What the payments say of an order's money, all told. Amounts are minor units of its currency. */
export type Money = {
  /** Counts the events of the order's money; the highest is the newest. */
  readonly gateVersion: number
  readonly dueMinor: bigint
  /** What can still be captured. */
  readonly authorizedMinor: bigint
  readonly capturedMinor: bigint
  readonly refundedMinor: bigint
  /** How the newest attempt is: an attempt that is open, or one that came to nothing. */
  readonly attempt: 'open' | 'failed' | 'none'
  /** The method of a payment that waits for its customer: at a provider's page, or at the bank. */
  readonly waitsFor?: string | undefined
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
  if (attempt === 'open') return 'pending'
  return attempt === 'failed' ? 'failed' : 'unpaid'
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
    holdUntil: money.waitsFor === undefined ? order.holdUntil : extendedHold(order, extension),
    moneyTaken: money.capturedMinor >= money.dueMinor,
  }
  const change = moved(known, isCovered(money), at, reason)
  return {
    state: withOrder(file, change?.state ?? known),
    events: (change?.events ?? []).map((event) => ({ of: 'order', event })),
  }
}

/** How long after its checkout an order is held for a payment that waits; undefined seconds: without an end. */
export type Extension = { readonly seconds: number | undefined }

/** Whoever confirms a payment at a provider's page, or pays at the bank, has more time; never less than before. */
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
