import { fold, statusOf, withdrawnOf, type Entry, type Folded, type PaymentStatus } from './entry.ts'
import type { Money } from '../../platform/money.ts'
import type { OrderId, PaymentId, RefundId, UserId } from './ids.ts'
import { isWaiting, type Operation } from './operation.ts'

export type GateStatus = 'open' | 'closing' | 'closed'
export type CaptureMode = 'at-once' | 'shipment'

/** One for each order. Whoever changes anything of an order's money holds its lock. */
export type Gate = {
  readonly orderId: OrderId
  readonly userId: UserId | undefined
  readonly status: GateStatus
  /** Why it is closing or closed; empty while it is open. */
  readonly reason: string
  readonly dueMinor: bigint
  /** Empty for an order that was closed before anything was known of it. */
  readonly currency: string
  readonly capture: CaptureMode
  /** Of a closed gate: what is owed for what was packed or shipped, returned units included. All above it goes back. */
  readonly keepMinor: bigint
  /** It was decided that nothing goes back. */
  readonly keepsMoney: boolean
  readonly closedCovered: boolean
  /** Late money is not given back before, so that the order can be revived. */
  readonly lateUntil: Date | undefined
  readonly lines: readonly LineMoney[]
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A line of the order as it was ordered, with its whole price, after discounts and with tax. */
export type LineMoney = {
  readonly lineId: string
  readonly quantity: number
  readonly totalMinor: bigint
  /** Units that were not found, and units that came back and are refunded, as far as the order has told. */
  readonly short: number
  readonly returned: number
  /** What the order does not owe because of them. */
  readonly shortMinor: bigint
  readonly returnedMinor: bigint
}

export type Payment = {
  readonly id: PaymentId
  readonly provider: string
  readonly method: string
  readonly amountMinor: bigint
  readonly currency: string
  /** The provider's id; undefined until it is known. */
  readonly ref: string | undefined
  readonly entries: readonly Entry[]
  readonly token: string
  readonly returnUrl: string
  readonly client: string
  readonly capture: CaptureMode
  /** An attempt that waits for the customer can be called back. */
  readonly isCancelable: boolean
  /** Another attempt has taken its place, but it may still bring money. */
  readonly isSuperseded: boolean
  readonly endsAt: Date | undefined
  readonly actionUrl: string
  readonly failure: { readonly code: string; readonly message: string } | undefined
  readonly createdAt: Date
  readonly updatedAt: Date
}

export const refundStatuses = [
  ...(['requested', 'submitted', 'succeeded', 'failed', 'unknown', 'action_required', 'canceled'] as const),
  'settled_manually',
] as const
export type RefundStatus = (typeof refundStatuses)[number]

export type Refund = {
  readonly id: RefundId
  readonly paymentId: PaymentId
  readonly amountMinor: bigint
  /** How much of it the order no longer owes. The rest gives back what was too much. */
  readonly creditMinor: bigint
  readonly lines: readonly RefundLine[]
  readonly reason: string
  /** The same cause has one refund; empty: it may be repeated. */
  readonly cause: string
  readonly status: RefundStatus
  /** What the provider says of each of its own refunds for this one. */
  readonly refs: Readonly<Record<string, string>>
  /** Under which staff have paid it back; good for one refund, ever. Empty unless they have. */
  readonly reference: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

export type RefundLine = {
  readonly lineId: string
  /** Zero: a part of a free amount falls to the line. */
  readonly quantity: number
  /** What the units come to, or the line's part of a free amount; earlier versions did not write it down. */
  readonly amountMinor?: bigint
}

/** All that is known of an order's money. */
export type Account = {
  readonly gate: Gate
  readonly payments: readonly Payment[]
  readonly refunds: readonly Refund[]
  readonly operations: readonly Operation[]
}

export type Amounts = {
  readonly authorizedMinor: bigint
  readonly capturedMinor: bigint
  readonly refundedMinor: bigint
  /** Refunds that are neither done nor given up. A failed one counts until somebody has decided about it. */
  readonly pendingMinor: bigint
  /** What the order no longer owes, because it was or will be given back for goods. */
  readonly creditedMinor: bigint
}

export const foldOf = (payment: Payment): Folded => fold(payment.entries, payment.currency)
export const statusOfPayment = (payment: Payment): PaymentStatus => statusOf(foldOf(payment))

const isPending = ({ status }: Refund): boolean =>
  status !== 'succeeded' && status !== 'canceled' && status !== 'settled_manually'

export function amountsOf({ gate, payments, refunds }: Account): Amounts {
  const folded = payments.map(foldOf)
  const total = (pick: (each: Folded) => bigint): bigint => folded.reduce((sum, each) => sum + pick(each), 0n)
  const byHand = refunds.filter(({ status }) => status === 'settled_manually')
  return {
    authorizedMinor: total((each) => each.authorizedMinor),
    capturedMinor: total((each) => each.capturedMinor),
    refundedMinor: total((each) => each.refundedMinor) + sumOf(byHand),
    pendingMinor: sumOf(refunds.filter(isPending)),
    creditedMinor: refunds
      .filter(({ status }) => status !== 'canceled')
      .reduce((sum, { creditMinor }) => sum + creditMinor, goodsMinor(gate)),
  }
}

/** It gives back what came to the bank, so no provider can. */
export const isOffline = (
  { payments }: Pick<Account, 'payments'>,
  { paymentId }: Pick<Refund, 'paymentId'>,
): boolean => payments.some(({ id, provider }) => id === paymentId && provider === 'offline')

/** Nothing happens to it unless staff pay it back or ask the provider again. */
export const awaitsStaff = (account: Pick<Account, 'payments'>, refund: Refund): boolean =>
  refund.status === 'failed' || (refund.status === 'requested' && isOffline(account, refund))

/** What the order does not owe, because units were short or came back. */
export const goodsMinor = ({ lines }: Pick<Gate, 'lines'>): bigint =>
  lines.reduce((sum, { shortMinor, returnedMinor }) => sum + shortMinor + returnedMinor, 0n)

/** What the shop would keep of a payment if all refunds that are under way succeed. */
export function keptOf(payment: Payment, refunds: readonly Refund[]): bigint {
  const { capturedMinor, refundedMinor } = foldOf(payment)
  const own = refunds.filter(({ paymentId }) => paymentId === payment.id)
  const gone = own.filter((refund) => isPending(refund) || refund.status === 'settled_manually')
  return capturedMinor - refundedMinor - sumOf(gone)
}

/** captured − refunded − pending − disputed: what can still be given back through the provider. */
export function balanceOf(payment: Payment, refunds: readonly Refund[]): bigint {
  const balance = keptOf(payment, refunds) - withdrawnOf(foldOf(payment))
  return balance > 0n ? balance : 0n
}

/** What the order still owes; 0 when it is covered. A chargeback makes nobody owe anything again. */
export function uncoveredMinor(account: Account): bigint {
  const { authorizedMinor, capturedMinor, refundedMinor, pendingMinor, creditedMinor } = amountsOf(account)
  const held = authorizedMinor + capturedMinor - refundedMinor - pendingMinor
  const rest = account.gate.dueMinor - creditedMinor - held
  return rest > 0n ? rest : 0n
}

export const isCovered = (account: Account): boolean => uncoveredMinor(account) === 0n

/** Money in another currency than was asked for has come. */
export const isMismatched = (payment: Payment): boolean =>
  payment.entries.some(
    ({ kind, currency, amountMinor }) =>
      (kind === 'captured' || kind === 'authorized') && currency !== payment.currency && amountMinor > 0n,
  )

/** Exactly that was captured, and nothing is left to capture. */
export function hasTaken(payment: Payment, { minor, currency }: Money): boolean {
  const { capturedMinor, authorizedMinor, hasFailedCapture } = foldOf(payment)
  const isClear = !hasFailedCapture && !isMismatched(payment)
  return isClear && currency === payment.currency && capturedMinor === minor && authorizedMinor === 0n
}

const endedStatuses: readonly PaymentStatus[] = ['failed', 'canceled', 'expired', 'voided', 'lapsed']

/** It may still bring money that has not come yet. */
export function isOpenAttempt(payment: Payment): boolean {
  const status = statusOfPayment(payment)
  return status !== 'authorized' && status !== 'captured' && !endedStatuses.includes(status)
}

export const waitingOf = ({ operations }: Account, payment: Payment): readonly Operation[] =>
  operations.filter((operation) => operation.paymentId === payment.id && isWaiting(operation))

const sumOf = (refunds: readonly Refund[]): bigint =>
  refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)

export const withPayment = (account: Account, changed: Payment): Account => ({
  ...account,
  payments: account.payments.map((payment) => (payment.id === changed.id ? changed : payment)),
})

export const withOperation = (account: Account, changed: Operation): Account => ({
  ...account,
  operations: account.operations.map((operation) => (operation.id === changed.id ? changed : operation)),
})

/** The number of the next entry. */
export const nextSeq = ({ payments }: Account): number =>
  1 + Math.max(0, ...payments.flatMap(({ entries }) => entries.map(({ seq }) => seq)))
