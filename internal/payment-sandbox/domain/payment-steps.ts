import { captured, Denied, disputed, refunded } from './payment.ts'
import type { Capture, Change, Dispute, DisputeStatus, Fact, Moment, Payment, Refund } from './payment.ts'
import { notAuthenticated, type Failure } from './test-methods.ts'

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs

/** How long an attempt waits for its customer: Mollie ends it by itself, Stripe never does. */
const openForMs: Readonly<Record<string, number>> = {
  ideal: 15 * minuteMs,
  card: 30 * minuteMs,
  paypal: 180 * minuteMs,
}

/** How long an authorization is held. */
export const authorizationMs: Readonly<Record<string, number>> = { card: 7 * dayMs, paypal: 10 * dayMs }

/** A refund that is decided later is decided so long after it was made. */
const refundDecidedAfterMs = 1_000

/** The first step of a new payment, which has no status yet but the one it is made with. */
export function begin(payment: Payment, moment: Moment): Change {
  const created = fact('created', payment.ref)
  if (payment.behaviour.needsAction) {
    const end = payment.dialect === 'mollie' ? openForMs[payment.method] : undefined
    const wakeAt = end === undefined ? undefined : moment.now + end
    return {
      payment: { ...payment, status: 'action_required', wakeAt },
      facts: [created, fact('action_required', payment.ref)],
    }
  }
  const { payment: next, facts } = decide(payment, moment)
  return { payment: next, facts: [created, ...facts] }
}

/** The customer has said yes on the page. With `isLate` it counts although the attempt has been called back. */
export function approve(payment: Payment, moment: Moment, isLate: boolean): Change {
  const isOver = payment.status === 'canceled' || payment.status === 'expired'
  const isGivenBack = isOver && payment.chargeId !== ''
  if (payment.status !== 'action_required' && !(isOver && isLate && !isGivenBack)) {
    throw new Denied(409, 'not_open', `This payment is ${payment.status}.`)
  }
  return decide(payment, moment)
}

export function decline(payment: Payment): Change {
  if (payment.status !== 'action_required')
    throw new Denied(409, 'not_open', `This payment is ${payment.status}.`)
  return fail(payment, notAuthenticated)
}

/** The bank's answer. */
function decide(payment: Payment, moment: Moment): Change {
  if (payment.behaviour.failure) return fail(payment, payment.behaviour.failure)
  const charged = { ...payment, chargeId: moment.newId('ch_'), failure: undefined, wakeAt: undefined }
  if (payment.captureLater) {
    const wakeAt = moment.now + (authorizationMs[payment.method] ?? 7 * dayMs)
    return {
      payment: { ...charged, status: 'authorized', authorized: payment.amount, wakeAt },
      facts: [fact('authorized', payment.ref)],
    }
  }
  return withDispute(took(charged, payment.amount, {}, moment), moment)
}

function fail(payment: Payment, failure: Failure): Change {
  return {
    payment: { ...payment, status: 'failed', failure, wakeAt: undefined },
    facts: [fact('failed', payment.ref)],
  }
}

/** Captures `amount`, and gives the rest back if the capture is final or the method can be captured once only. */
export function capture(
  payment: Payment,
  { amount, isFinal, metadata }: CaptureWish,
  moment: Moment,
): Change {
  if (payment.status !== 'authorized')
    throw notNow(payment, 'could not be captured', 'only when it is requires_capture')
  if (amount < 1 || amount > payment.authorized) {
    throw new Denied(
      400,
      'amount_too_large',
      `The amount ${amount} is not from 1 to the ${payment.authorized} that can be captured.`,
    )
  }
  const isOver = isFinal || !payment.canCaptureOften || amount === payment.authorized
  const left = isOver ? 0 : payment.authorized - amount
  const next = took(payment, amount, metadata, moment)
  const isFirst = payment.captures.length === 0
  const change: Change = {
    payment: {
      ...next.payment,
      status: isOver ? 'captured' : 'authorized',
      authorized: left,
      wakeAt: isOver ? undefined : payment.wakeAt,
    },
    facts: isOver ? next.facts : [fact('authorized', payment.ref)],
  }
  return isFirst ? withDispute(change, moment) : change
}

export type CaptureWish = {
  readonly amount: number
  readonly isFinal: boolean
  readonly metadata: Readonly<Record<string, string>>
}

function took(payment: Payment, amount: number, metadata: Capture['metadata'], moment: Moment): Change {
  const taken: Capture = { id: moment.newId('cpt_'), amount, at: moment.now, metadata }
  return {
    payment: { ...payment, status: 'captured', captures: [...payment.captures, taken] },
    facts: [fact('captured', payment.ref)],
  }
}

/** Cancels an open attempt or gives an authorization back; what has been captured stays captured. */
export function cancel(payment: Payment): Change {
  if (payment.status === 'authorized' && payment.captures.length > 0) {
    const kept = { ...payment, status: 'captured', authorized: 0, wakeAt: undefined } as const
    return { payment: kept, facts: [fact('captured', payment.ref)] }
  }
  const isPossible = ['action_required', 'authorized', 'failed'].includes(payment.status)
  if (!isPossible) throw notNow(payment, 'could not be canceled', 'before it has succeeded')
  return {
    payment: { ...payment, status: 'canceled', authorized: 0, wakeAt: undefined },
    facts: [fact('canceled', payment.ref)],
  }
}

export function refund(
  payment: Payment,
  { amount, metadata }: { readonly amount: number; readonly metadata: Refund['metadata'] },
  moment: Moment,
): Change {
  const balance = captured(payment) - refunded(payment)
  if (captured(payment) === 0) throw notNow(payment, 'has no successful charge to refund', 'after a capture')
  if (balance < 1) throw new Denied(400, 'charge_already_refunded', 'The charge has already been refunded.')
  if (amount < 1 || amount > balance) {
    throw new Denied(
      400,
      'amount_too_large',
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${balance})`,
    )
  }
  if (disputed(payment) > 0) {
    throw new Denied(400, 'charge_disputed', 'The charge is disputed and cannot be refunded.')
  }
  const { refund: way } = payment.behaviour
  const made: Refund = {
    ...{ id: moment.newId('re_'), amount, at: moment.now, metadata },
    status: way === 'pending-then-succeeded' ? 'pending' : 'succeeded',
    becomes:
      way === undefined ? undefined : way === 'pending-then-succeeded' ? ('succeeded' as const) : 'failed',
  }
  const wakeAt = made.becomes === undefined ? payment.wakeAt : moment.now + refundDecidedAfterMs
  return {
    payment: { ...payment, refunds: [...payment.refunds, made], wakeAt },
    facts: [fact('refund.created', made.id)],
  }
}

/** A bank takes money back for its customer, or first asks. */
export function dispute(
  payment: Payment,
  {
    amount,
    status,
    reason,
  }: { readonly amount: number; readonly status: 'opened' | 'inquiry'; readonly reason: string },
  moment: Moment,
): Change {
  const most = captured(payment) - disputed(payment)
  if (amount < 1 || amount > most) throw new Denied(409, 'not_disputable', `At most ${most} can be disputed.`)
  const opened: Dispute = { id: moment.newId('dp_'), amount, status, reason, at: moment.now }
  return {
    payment: { ...payment, disputes: [...payment.disputes, opened] },
    facts: [fact('dispute.created', opened.id)],
  }
}

export function endDispute(payment: Payment, id: string, status: Exclude<DisputeStatus, 'inquiry'>): Change {
  const disputes = payment.disputes.map((one) => (one.id === id ? { ...one, status } : one))
  return { payment: { ...payment, disputes }, facts: [fact('dispute.closed', id)] }
}

/** What time alone brings about. */
export function wake(payment: Payment): Change {
  const waiting = payment.refunds.filter(({ becomes }) => becomes !== undefined)
  if (waiting.length > 0) {
    const refunds = payment.refunds.map(({ becomes, ...one }): Refund => ({
      ...one,
      status: becomes ?? one.status,
      becomes: undefined,
    }))
    const facts = waiting.map(({ id, becomes }) =>
      fact(becomes === 'failed' ? 'refund.failed' : 'refund.updated', id),
    )
    return { payment: { ...payment, refunds, wakeAt: undefined }, facts }
  }
  if (payment.status === 'authorized' && payment.captures.length > 0) return cancel(payment)
  const status = payment.status === 'authorized' ? 'lapsed' : 'expired'
  const isOpen = payment.status === 'authorized' || payment.status === 'action_required'
  if (!isOpen) return { payment: { ...payment, wakeAt: undefined }, facts: [] }
  return {
    payment: { ...payment, status, authorized: 0, wakeAt: undefined },
    facts: [fact('canceled', payment.ref)],
  }
}

function withDispute({ payment, facts }: Change, moment: Moment): Change {
  const { dispute: kind, disputeReason: reason } = payment.behaviour
  if (kind === undefined) return { payment, facts }
  const opened = dispute(payment, { amount: captured(payment), status: kind, reason }, moment)
  return { payment: opened.payment, facts: [...facts, ...opened.facts] }
}

const fact = (type: Fact['type'], id: string): Fact => ({ type, id })

function notNow({ status, ref }: Payment, what: string, when: string): Denied {
  return new Denied(
    400,
    'payment_intent_unexpected_state',
    `This payment ${what} because it has a status of ${status}; it can be ${when}.`,
    { ref },
  )
}
