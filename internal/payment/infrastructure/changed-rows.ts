import type { OutboxEvent } from '../../platform/outbox.ts'
import { statusOfPayment, type Account, type Gate, type Payment, type Refund } from '../domain/account.ts'
import { isSent, type Operation } from '../domain/operation.ts'
import { leaseEnd } from './lease.ts'
import { needsReading, readDelayMs } from '../domain/reading.ts'

/** A change of an order's money, decided on what was stored at that revision; undefined: nothing was. */
export type AccountChange = {
  readonly before: Account | undefined
  readonly seen: number | undefined
  readonly after: Account
  readonly events: readonly OutboxEvent[]
  readonly at: Date
}

export const expectedOperations = ({ before, after: { gate } }: AccountChange): readonly object[] =>
  (before?.operations ?? [])
    .filter(({ status }) => status === 'waiting')
    .map(({ id, tries }) => ({ order_id: gate.orderId, id, tries }))

/** A refund that ends changes when its payment is read next. */
export function paymentRows({ before, after, at }: AccountChange): readonly object[] {
  const { orderId, userId } = after.gate
  const payments = changed(before?.payments, after.payments)
  return after.payments
    .filter((payment) => payments.includes(payment) || before?.refunds !== after.refunds)
    .map((payment) => ({
      order_id: orderId,
      user_id: userId ?? null,
      read_at: needsReading(after, payment) ? new Date(at.getTime() + readDelayMs(0)) : null,
      ...paymentRow(payment),
    }))
}

/** The lease of one that is taken as it is stored; the end of any other lease. */
export const operationRows = ({ before, after, at }: AccountChange): readonly object[] =>
  changed(before?.operations, after.operations).map((operation) => {
    const isNew = !before?.operations.some(({ id }) => id === operation.id)
    const leaseUntil = isNew && isSent(operation) ? leaseEnd(at) : null
    return { order_id: after.gate.orderId, lease_until: leaseUntil, ...operationRow(operation) }
  })

export const entryRows = ({ before, after }: AccountChange): readonly object[] =>
  changed(before?.payments, after.payments).flatMap((payment) =>
    newEntries(before, payment).map((entry) => ({ order_id: after.gate.orderId, ...entry })),
  )

export const refundRows = ({ before, after }: AccountChange): readonly object[] =>
  changed(before?.refunds, after.refunds).map((refund) => ({
    order_id: after.gate.orderId,
    ...refundRow(refund),
  }))

/** Values are never changed in place, so what is the same object is the same. */
const changed = <Item>(before: readonly Item[] = [], after: readonly Item[]): readonly Item[] =>
  after.filter((item) => !before.includes(item))

export const rows = (values: readonly object[]): string =>
  JSON.stringify(values, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))

function newEntries(before: Account | undefined, payment: Payment): readonly object[] {
  const known = before?.payments.find(({ id }) => id === payment.id)?.entries.length ?? 0
  return payment.entries.slice(known).map((entry) => ({
    payment_id: payment.id,
    provider: payment.provider,
    kind: entry.kind,
    key: entry.key,
    seq: entry.seq,
    ref: entry.ref,
    amount_minor: entry.amountMinor,
    currency: entry.currency,
    at: entry.at,
  }))
}

export const gateRow = (gate: Gate) => ({
  order_id: gate.orderId,
  user_id: gate.userId ?? null,
  status: gate.status,
  reason: gate.reason,
  due_minor: gate.dueMinor,
  currency: gate.currency,
  capture: gate.capture,
  keep_minor: gate.keepMinor,
  keeps_money: gate.keepsMoney,
  closed_covered: gate.closedCovered,
  late_until: gate.lateUntil ?? null,
  lines: gate.lines,
  version: gate.version,
  created_at: gate.createdAt,
  updated_at: gate.updatedAt,
})

const paymentRow = (payment: Payment) => ({
  id: payment.id,
  provider: payment.provider,
  method: payment.method,
  status: statusOfPayment(payment),
  amount_minor: payment.amountMinor,
  currency: payment.currency,
  ref: payment.ref ?? null,
  token: payment.token,
  return_url: payment.returnUrl,
  client: payment.client,
  capture: payment.capture,
  is_cancelable: payment.isCancelable,
  is_superseded: payment.isSuperseded,
  ends_at: payment.endsAt ?? null,
  action_url: payment.actionUrl,
  failure: payment.failure ?? null,
  created_at: payment.createdAt,
  updated_at: payment.updatedAt,
})

const refundRow = (refund: Refund) => ({
  id: refund.id,
  payment_id: refund.paymentId,
  status: refund.status,
  amount_minor: refund.amountMinor,
  credit_minor: refund.creditMinor,
  lines: refund.lines,
  reason: refund.reason,
  cause: refund.cause,
  refs: refund.refs,
  reference: refund.reference,
  created_at: refund.createdAt,
  updated_at: refund.updatedAt,
})

const operationRow = (operation: Operation) => ({
  id: operation.id,
  payment_id: operation.paymentId,
  refund_id: operation.refundId ?? null,
  kind: operation.kind,
  status: operation.status,
  amount_minor: operation.amountMinor,
  is_final: operation.isFinal,
  attempt: operation.attempt,
  tries: operation.tries,
  first_tried_at: operation.firstTriedAt ?? null,
  last_tried_at: operation.lastTriedAt ?? null,
  next_at: operation.nextAt,
  error: operation.error,
})
