import {
  amountsOf,
  foldOf,
  goodsMinor,
  isCovered,
  isMismatched,
  statusOfPayment,
  type Account,
  type Amounts,
  type GateStatus,
  type Payment,
  type Refund,
} from './account.ts'
import type { Dispute, PaymentStatus } from './entry.ts'
import type { OrderId, PaymentId } from './ids.ts'

/** The order's money as it is after the change that an event tells of. */
export type Money = Amounts & {
  readonly orderId: OrderId
  readonly dueMinor: bigint
  readonly currency: string
  readonly covered: boolean
  readonly gate: GateStatus
}

export type PaymentEvent = { readonly version: number; readonly money: Money; readonly at: Date } & Fact

type Fact =
  | { readonly type: PaymentFact; readonly payment: Payment }
  | { readonly type: RefundFact; readonly refund: Refund }
  | { readonly type: 'payment.due_changed'; readonly newest: PaymentStatus | undefined }
  | {
      readonly type: 'dispute.opened' | 'dispute.won' | 'dispute.lost'
      readonly paymentId: PaymentId
      readonly amountMinor: bigint
    }

type RefundFact = 'refund.requested' | 'refund.succeeded' | 'refund.failed'

export type PaymentFact =
  | 'payment.initiated'
  | 'payment.action_required'
  | 'payment.processing'
  | 'payment.authorized'
  | 'payment.captured'
  | 'payment.failed'
  | 'payment.canceled'
  | 'payment.expired'
  | 'payment.lapsed'
  | 'payment.late'
  | 'payment.overpaid'
  | 'payment.mismatch'

/** The change from one state of an order's money to the next, with the events that tell of it, numbered on. */
export function changeOf(
  before: Account | undefined,
  after: Account,
  at: Date,
): { readonly state: Account; readonly events: readonly PaymentEvent[] } {
  const facts = [
    ...dueFacts(before, after),
    ...after.payments.flatMap((payment) => paymentFacts(before, after, payment)),
    ...after.refunds.flatMap((refund) => refundFacts(before, refund)),
  ]
  const version = before?.gate.version ?? 0
  const state = { ...after, gate: { ...after.gate, version: version + facts.length } }
  const money = moneyOf(state)
  return { state, events: facts.map((fact, index) => ({ ...fact, version: version + 1 + index, money, at })) }
}

export function moneyOf(account: Account): Money {
  const { orderId, currency, status } = account.gate
  const rest = account.gate.dueMinor - goodsMinor(account.gate)
  const dueMinor = rest > 0n ? rest : 0n
  return { ...amountsOf(account), orderId, dueMinor, currency, covered: isCovered(account), gate: status }
}

/** Nobody has been told of an account that is new. */
function dueFacts(before: Account | undefined, after: Account): readonly Fact[] {
  if (!before || goodsMinor(before.gate) === goodsMinor(after.gate)) return []
  const newest = after.payments.at(-1)
  return [{ type: 'payment.due_changed', newest: newest && statusOfPayment(newest) }]
}

const factOfStatus: Readonly<Record<PaymentStatus, PaymentFact | undefined>> = {
  created: undefined,
  unknown: undefined,
  action_required: 'payment.action_required',
  processing: 'payment.processing',
  authorized: 'payment.authorized',
  captured: 'payment.captured',
  failed: 'payment.failed',
  canceled: 'payment.canceled',
  voided: 'payment.canceled',
  expired: 'payment.expired',
  lapsed: 'payment.lapsed',
}

function paymentFacts(before: Account | undefined, after: Account, payment: Payment): readonly Fact[] {
  const earlier = before?.payments.find(({ id }) => id === payment.id)
  if (earlier === payment) return []
  const types: (PaymentFact | undefined)[] = earlier ? [] : ['payment.initiated']
  const status = statusOfPayment(payment)
  const [was, is] = [earlier && foldOf(earlier), foldOf(payment)]
  const hasMore =
    is.capturedMinor !== (was?.capturedMinor ?? 0n) || is.authorizedMinor !== (was?.authorizedMinor ?? 0n)
  if (status !== (earlier ? statusOfPayment(earlier) : 'created') || hasMore) types.push(factOfStatus[status])
  const isFirstMoney = is.firstMoney !== undefined && was?.firstMoney === undefined
  if (isFirstMoney && before?.gate.status === 'closed' && after.gate.status === 'closed')
    types.push('payment.late')
  if (hasMore && isTooMuch(after) && after.gate.status === 'open') types.push('payment.overpaid')
  if (isMismatched(payment) && !(earlier && isMismatched(earlier))) types.push('payment.mismatch')
  return [
    ...types.flatMap((type): readonly Fact[] => (type === undefined ? [] : [{ type, payment }])),
    ...is.disputes.flatMap((dispute) => disputeFacts(payment.id, dispute, was?.disputes ?? [])),
  ]
}

function isTooMuch({ gate, payments }: Account): boolean {
  const taken = payments
    .map(foldOf)
    .reduce((sum, each) => sum + each.authorizedMinor + each.capturedMinor, 0n)
  return taken > gate.dueMinor - goodsMinor(gate)
}

const factOfDispute = {
  inquiry: undefined,
  closed: undefined,
  opened: 'dispute.opened',
  won: 'dispute.won',
  lost: 'dispute.lost',
} as const

function disputeFacts(paymentId: PaymentId, dispute: Dispute, known: readonly Dispute[]): readonly Fact[] {
  const earlier = known.find(({ id }) => id === dispute.id)
  const type = factOfDispute[dispute.state]
  if (type === undefined || earlier?.state === dispute.state) return []
  return [{ type, paymentId, amountMinor: dispute.withdrawnMinor }]
}

function refundFacts(before: Account | undefined, refund: Refund): readonly Fact[] {
  const earlier = before?.refunds.find(({ id }) => id === refund.id)
  if (earlier === refund) return []
  const types: RefundFact[] = earlier ? [] : ['refund.requested']
  if (refund.status !== earlier?.status) {
    if (refund.status === 'succeeded' || refund.status === 'settled_manually') types.push('refund.succeeded')
    // A refund that was made at the provider and failed there is canceled; its order has to know of its money again.
    if (refund.status === 'failed' || refund.status === 'canceled') types.push('refund.failed')
    // Of one that was unknown it is certain now that nothing was done, and nobody has asked for it anew.
    if (refund.status === 'requested' && earlier && earlier.status !== 'unknown')
      types.push('refund.requested')
  }
  return types.map((type): Fact => ({ type, refund }))
}
