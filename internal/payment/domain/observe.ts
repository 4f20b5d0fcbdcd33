import {
  nextSeq,
  uncoveredMinor,
  withPayment,
  type Account,
  type Payment,
  type Refund,
  type RefundStatus,
} from './account.ts'
import { excessMinor } from './excess.ts'
import { knownUnder, phases, type Entry, type EntryKind, type Phase } from './entry.ts'
import type { NewId, PaymentId, RefundId } from './ids.ts'
import { shareFreely } from './line-rest.ts'
import type { CaptureSnapshot, PaymentSnapshot, RefundSnapshot } from './payment-snapshot.ts'

type NewEntry = Pick<Entry, 'kind' | 'ref' | 'key' | 'amountMinor'>

/** Records what a provider says of a payment now. A snapshot that is older than another one adds nothing wrong. */
export function observe(
  account: Account,
  paymentId: PaymentId,
  snapshot: PaymentSnapshot,
  at: Date,
  newId: NewId,
): Account {
  const payment = account.payments.find(({ id }) => id === paymentId)
  if (!payment) return account
  const entries = newEntries(payment.entries, snapshot)
  const seen = withKnown(payment, snapshot)
  const recorded = record(account, seen, entries, snapshot.currency, at)
  return snapshot.refunds.reduce(
    (all, refund) => observeRefund(all, paymentId, refund, snapshot.currency, at, newId),
    recorded,
  )
}

/** Records what a provider says of one refund. One that nobody here has asked for is taken over. */
export function observeRefund(
  account: Account,
  paymentId: PaymentId,
  snapshot: RefundSnapshot,
  currency: string,
  at: Date,
  newId: NewId,
): Account {
  const payment = account.payments.find(({ id }) => id === paymentId)
  if (!payment) return account
  const entries = refundEntries(payment.entries, snapshot)
  const ours = refundOf(account, snapshot)
  const known = ours ?? imported(account, payment, snapshot, at, newId)
  if (!known) return record(account, payment, entries, currency, at)
  const refund = withRef(known, snapshot, isOrdered(account, known), at)
  const refunds = ours
    ? account.refunds.map((each) => (each.id === refund.id ? refund : each))
    : [...account.refunds, refund]
  return record({ ...account, refunds }, payment, entries, currency, at)
}

/** Notes a phase that we know of without a snapshot, such as a decline that left no payment at the provider. */
export function observePhase(account: Account, payment: Payment, phase: Phase, at: Date): Account {
  return record(account, payment, phaseEntries(payment.entries, phase), payment.currency, at)
}

/** Money that came outside of providers. */
export function observeOffline(
  account: Account,
  payment: Payment,
  { reference, amountMinor }: { readonly reference: string; readonly amountMinor: bigint },
  at: Date,
): Account {
  const entry = { kind: 'captured' as const, ref: reference, key: reference, amountMinor }
  return record(account, payment, fresh(payment.entries, [entry]), payment.currency, at)
}

function withKnown(payment: Payment, { ref, actionUrl, failure }: PaymentSnapshot): Payment {
  const isSame =
    payment.ref !== undefined &&
    (actionUrl ?? payment.actionUrl) === payment.actionUrl &&
    (failure === undefined || failure.code === payment.failure?.code)
  if (isSame) return payment
  return {
    ...payment,
    ref: payment.ref ?? ref,
    actionUrl: actionUrl ?? payment.actionUrl,
    failure: failure ?? payment.failure,
  }
}

function record(
  account: Account,
  payment: Payment,
  entries: readonly NewEntry[],
  currency: string,
  at: Date,
): Account {
  const seq = nextSeq(account)
  const added = entries.map((entry, index) => ({ ...entry, seq: seq + index, currency, at }))
  const isSame = added.length === 0 && account.payments.includes(payment)
  if (isSame) return account
  return withPayment(account, { ...payment, entries: [...payment.entries, ...added], updatedAt: at })
}

function newEntries(known: readonly Entry[], snapshot: PaymentSnapshot): readonly NewEntry[] {
  const { state, authorizedMinor, captures, disputes } = snapshot
  const succeeded = largestOfEach(captures.filter(({ status }) => status === 'succeeded'))
  const taken = succeeded.reduce((sum, { cumulativeMinor }) => sum + cumulativeMinor, 0n)
  const isOver = authorizedMinor === 0n && ['captured', 'voided', 'lapsed'].includes(state)
  return fresh(known, [
    ...(phases.includes(state as Phase) ? phaseEntries(known, state as Phase) : []),
    ...(authorizedMinor > 0n
      ? [cumulative(known, 'authorized', 'authorization', authorizedMinor + taken)]
      : []),
    ...succeeded.map(({ id, cumulativeMinor }) => cumulative(known, 'captured', id, cumulativeMinor)),
    ...captures
      .filter(({ status }) => status === 'failed')
      .map(({ id }) => plain('capture_failed', id, knownUnder(known, 'captured', id))),
    ...(isOver ? [{ ...plain('released', 'authorization', 0n), key: state }] : []),
    ...disputes.map(({ id, status, withdrawnMinor }) => ({
      ...plain('dispute', id, withdrawnMinor),
      key: `${id}:${status}:${withdrawnMinor}`,
    })),
  ])
}

const phaseEntries = (known: readonly Entry[], phase: Phase): readonly NewEntry[] =>
  fresh(known, [plain('phase', phase, 0n)])

const refundEntries = (known: readonly Entry[], { id, status, amountMinor }: RefundSnapshot) =>
  fresh(known, [
    ...(status === 'succeeded' ? [plain('refunded', id, amountMinor)] : []),
    ...(status === 'failed' || status === 'canceled' ? [plain('refund_failed', id, amountMinor)] : []),
  ])

const plain = (kind: EntryKind, ref: string, amountMinor: bigint): NewEntry => ({
  kind,
  ref,
  key: ref,
  amountMinor,
})

/** The difference to what is known under the id; nothing or less when the snapshot is an old one. */
const cumulative = (
  known: readonly Entry[],
  kind: 'authorized' | 'captured',
  ref: string,
  totalMinor: bigint,
): NewEntry => ({
  ...{ kind, ref, key: `${ref}:${totalMinor}` },
  amountMinor: totalMinor - knownUnder(known, kind, ref),
})

function largestOfEach(captures: readonly CaptureSnapshot[]): readonly CaptureSnapshot[] {
  const largest = new Map<string, CaptureSnapshot>()
  for (const capture of captures)
    if (capture.cumulativeMinor > (largest.get(capture.id)?.cumulativeMinor ?? 0n))
      largest.set(capture.id, capture)
  return [...largest.values()]
}

/** Without what is known already, or said twice. */
function fresh(known: readonly Entry[], entries: readonly NewEntry[]): readonly NewEntry[] {
  const added: NewEntry[] = []
  for (const entry of entries) {
    const { kind, key, amountMinor } = entry
    const isMoney = kind === 'captured' || kind === 'authorized'
    const isKnown = [...known, ...added].some((each) => each.kind === kind && each.key === key)
    if (!isKnown && (isMoney ? amountMinor > 0n : amountMinor >= 0n)) added.push(entry)
  }
  return added
}

const refundOf = ({ refunds }: Account, { id, ourId }: RefundSnapshot): Refund | undefined =>
  refunds.find((refund) => refund.id === ourId || Object.hasOwn(refund.refs, id))

function imported(
  account: Account,
  { id: paymentId, entries }: Payment,
  { id, amountMinor, status }: RefundSnapshot,
  at: Date,
  newId: NewId,
): Refund | undefined {
  const hasFailed = entries.some(({ kind, ref }) => kind === 'refund_failed' && ref === id)
  if (hasFailed || status === 'failed' || status === 'canceled') return undefined
  const excess = uncoveredMinor(account) > 0n ? 0n : excessMinor(account)
  const creditMinor = amountMinor > excess ? amountMinor - excess : 0n
  return {
    ...{ id: newId() as RefundId, paymentId, amountMinor, creditMinor },
    lines: shareFreely(account, creditMinor),
    ...{ reason: 'made at the provider', cause: '', status: 'submitted', refs: {}, reference: '' },
    ...{ createdAt: at, updatedAt: at },
  }
}

/** What the provider says of one of its refunds only goes on in this order. */
const refundStates = ['pending', 'requires_action', 'succeeded', 'canceled', 'failed']

/** One that somebody here has asked for. */
const isOrdered = ({ operations }: Account, { id }: Refund): boolean =>
  operations.some(({ refundId }) => refundId === id)

/**
 * An ordered refund that fails waits for staff. Of one that was made at the provider nobody here expects anything: its
 * failure takes it back, and what has to go back is decided anew.
 */
function withRef(refund: Refund, { id, status }: RefundSnapshot, isOurs: boolean, at: Date): Refund {
  const before = refund.refs[id]
  if (before !== undefined && refundStates.indexOf(before) >= refundStates.indexOf(status)) return refund
  const refs = { ...refund.refs, [id]: status }
  if (refund.status === 'settled_manually') return { ...refund, refs }
  const said = refundStatus(Object.values(refs))
  return { ...refund, refs, status: said === 'failed' && !isOurs ? 'canceled' : said, updatedAt: at }
}

/** One of its tries is enough. */
function refundStatus(states: readonly string[]): RefundStatus {
  if (states.includes('succeeded')) return 'succeeded'
  if (states.includes('requires_action')) return 'action_required'
  return states.includes('pending') ? 'submitted' : 'failed'
}
