import { entry, wait, type Entry, type Part, type Wait } from './entry.ts'

export type PaymentFacts = {
  readonly id: string
  readonly provider: string
  readonly method: string
  readonly status: string
  readonly amountMinor: string
  readonly currency: string
  readonly ref: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly endsAt: Date | null
}

/** What a provider has said. */
export type EntryFacts = {
  readonly at: Date
  readonly paymentId: string
  readonly kind: string
  readonly ref: string
  readonly amountMinor: string
  readonly currency: string
}

/** What was decided to ask a provider for. */
export type OperationFacts = {
  readonly id: string
  readonly paymentId: string
  readonly kind: string
  readonly status: string
  readonly tries: number
  readonly firstTriedAt: Date | null
  readonly lastTriedAt: Date | null
  readonly nextAt: Date
  readonly error: string
}

export type RefundFacts = {
  readonly id: string
  readonly paymentId: string
  readonly status: string
  readonly amountMinor: string
  readonly reason: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A provider's message. */
export type InboxFacts = {
  readonly eventId: string | null
  readonly provider: string
  readonly what: string
  readonly status: string
  readonly seen: number
  readonly tries: number
  readonly error: string
  readonly receivedAt: Date
}

export type ReceiptFacts = {
  readonly id: string
  readonly kind: string
  readonly number: string
  readonly issuedAt: Date
}

export type Money = {
  readonly payments: readonly PaymentFacts[]
  readonly entries: readonly EntryFacts[]
  readonly operations: readonly OperationFacts[]
  readonly refunds: readonly RefundFacts[]
  readonly inbox: readonly InboxFacts[]
  readonly receipts: readonly ReceiptFacts[]
}

export function moneyPart(money: Money): Part {
  return {
    entries: [
      ...money.payments.map(begun),
      ...money.entries.map(stated),
      ...money.operations.flatMap(asked),
      ...money.refunds.map(ordered),
      ...money.inbox.map(received),
      ...money.receipts.map(issued),
    ],
    waits: [
      ...money.payments.flatMap(paymentWaits),
      ...money.operations.flatMap(operationWaits),
      ...money.refunds.flatMap(refundWaits),
      ...money.inbox.flatMap(inboxWaits),
    ],
  }
}

const begun = ({ createdAt, id, provider, method, amountMinor, currency }: PaymentFacts): Entry =>
  entry(createdAt, 'payment', 'payment.initiated', id, {
    detail: { provider, method, amountMinor, currency },
  })

/** The phase of an attempt is told by its name; the other kinds are amounts. */
function stated({ at, paymentId, kind, ref, amountMinor, currency }: EntryFacts): Entry {
  if (kind === 'phase') return entry(at, 'provider', `phase.${ref}`, paymentId)
  return entry(at, 'provider', `money.${kind}`, paymentId, { detail: { ref, amountMinor, currency } })
}

function asked({ id, paymentId, kind, status, tries, firstTriedAt, lastTriedAt, error }: OperationFacts) {
  const detail = { operation: id, status, tries, error, lastTriedAt: lastTriedAt?.toISOString() }
  return firstTriedAt ? [entry(firstTriedAt, 'payment', `asked.${kind}`, paymentId, { detail })] : []
}

const ordered = ({ id, createdAt, paymentId, status, amountMinor, reason }: RefundFacts): Entry =>
  entry(createdAt, 'payment', 'refund.requested', id, { detail: { paymentId, status, amountMinor, reason } })

const received = ({ receivedAt, provider, what, eventId, status, seen, tries, error }: InboxFacts): Entry =>
  entry(receivedAt, 'provider', 'webhook.received', eventId ?? '', {
    detail: { provider, type: what, status, seen, tries, error },
  })

const issued = ({ id, kind, number, issuedAt }: ReceiptFacts): Entry =>
  entry(issuedAt, 'payment', 'receipt.issued', id, { detail: { kind, number } })

/** The customer has to act, or the provider is on it. */
function paymentWaits({ id, status, provider, createdAt, endsAt }: PaymentFacts): readonly Wait[] {
  const what = { action_required: 'customer', processing: 'provider', authorized: 'capture' }[status]
  return what ? [wait(what, createdAt, id, { until: endsAt ?? undefined, detail: { provider } })] : []
}

function operationWaits(operation: OperationFacts): readonly Wait[] {
  const { id, kind, status, tries, firstTriedAt, nextAt, error } = operation
  const detail = { kind, tries, error, nextAt: nextAt.toISOString() }
  if (status === 'staff') return [wait('staff-decides-about-money', firstTriedAt ?? nextAt, id, { detail })]
  return status === 'waiting' ? [wait('provider-answers', firstTriedAt ?? nextAt, id, { detail })] : []
}

const refundWaits = ({ id, status, updatedAt, amountMinor }: RefundFacts): readonly Wait[] =>
  status === 'failed' ? [wait('staff-decides-about-refund', updatedAt, id, { detail: { amountMinor } })] : []

function inboxWaits({ eventId, status, receivedAt, tries, error }: InboxFacts): readonly Wait[] {
  const what = { received: 'webhook-handled', dead: 'staff-looks-at-webhook' }[status]
  return what ? [wait(what, receivedAt, eventId ?? '', { detail: { tries, error } })] : []
}
