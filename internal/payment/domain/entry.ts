/**
 * One fact that a provider has stated about a payment. Entries are appended and never changed; (kind, key) is unique
 * within a payment, so that a fact that is stated twice is one entry. What a payment is follows from the set of its
 * entries and not from the order in which they came.
 */
export type Entry = {
  /** Counts the entries of an order's money. Who has paid first is who has the lowest. */
  readonly seq: number
  readonly kind: EntryKind
  /** The provider's id of the capture, refund or dispute; the name of the phase; a bank reference. */
  readonly ref: string
  readonly key: string
  readonly amountMinor: bigint
  readonly currency: string
  readonly at: Date
}

export type EntryKind =
  | 'phase'
  | 'authorized'
  | 'released'
  | 'captured'
  | 'capture_failed'
  | 'refunded'
  | 'refund_failed'
  | 'dispute'

/** What an attempt is as long as no money has come. A later one in this list is never left for an earlier one. */
export const phases = [
  'created',
  'unknown',
  'action_required',
  'processing',
  'expired',
  'canceled',
  'failed',
] as const
export type Phase = (typeof phases)[number]

/** A dispute that is lost may still be won, and nothing follows that. */
const disputeStates = ['inquiry', 'opened', 'lost', 'closed', 'won'] as const
export type DisputeState = (typeof disputeStates)[number]

/** Why nothing more can be captured. */
export type Release = 'voided' | 'lapsed' | 'captured'

export type Dispute = { readonly id: string; readonly state: DisputeState; readonly withdrawnMinor: bigint }

export type Folded = {
  readonly phase: Phase
  /** What can still be captured. */
  readonly authorizedMinor: bigint
  /** Without captures that have failed after all. */
  readonly capturedMinor: bigint
  readonly refundedMinor: bigint
  readonly disputes: readonly Dispute[]
  readonly released: Release | undefined
  readonly hasFailedCapture: boolean
  /** The number of the first entry that brought money; undefined when none has. */
  readonly firstMoney: number | undefined
}

/** Folds the entries of one payment in one currency. Entries in another one are a mismatch, and are not counted. */
export function fold(entries: readonly Entry[], currency: string): Folded {
  const counted = entries.filter((entry) => entry.currency === currency)
  const of = (kind: EntryKind): readonly Entry[] => counted.filter((entry) => entry.kind === kind)
  const gross = sum(of('captured'))
  const capturedMinor = sum(without(of('captured'), of('capture_failed')))
  const released = releaseOf(entries)
  const money = [...of('authorized'), ...of('captured')].map(({ seq }) => seq)
  return {
    phase: phaseOf(entries),
    authorizedMinor: released === undefined ? atLeastZero(sum(of('authorized')) - gross) : 0n,
    capturedMinor,
    refundedMinor: sum(without(of('refunded'), of('refund_failed'))),
    disputes: disputesOf(of('dispute')),
    released,
    hasFailedCapture: of('capture_failed').length > 0,
    firstMoney: money.length > 0 ? Math.min(...money) : undefined,
  }
}

export type PaymentStatus = Phase | 'authorized' | 'captured' | 'voided' | 'lapsed'

/** Money beats whatever the attempt was called. So a late "failed" or "expired" never undoes a success. */
export function statusOf(folded: Folded): PaymentStatus {
  const { capturedMinor, authorizedMinor, hasFailedCapture, released, phase } = folded
  if (capturedMinor > 0n) return 'captured'
  if (authorizedMinor > 0n) return 'authorized'
  if (hasFailedCapture) return 'failed'
  if (released === 'voided' || released === 'lapsed') return released
  return phase
}

export const withdrawnOf = ({ disputes }: Folded): bigint =>
  disputes.reduce((total, { withdrawnMinor }) => total + withdrawnMinor, 0n)

/** The highest amount that is known under an id so far. */
export const knownUnder = (entries: readonly Entry[], kind: EntryKind, ref: string): bigint =>
  sum(entries.filter((entry) => entry.kind === kind && entry.ref === ref))

const sum = (entries: readonly Entry[]): bigint =>
  entries.reduce((total, { amountMinor }) => total + amountMinor, 0n)

const atLeastZero = (amount: bigint): bigint => (amount > 0n ? amount : 0n)

function without(entries: readonly Entry[], undone: readonly Entry[]): readonly Entry[] {
  const refs = new Set(undone.map(({ ref }) => ref))
  return entries.filter(({ ref }) => !refs.has(ref))
}

function phaseOf(entries: readonly Entry[]): Phase {
  const reached = entries
    .filter(({ kind }) => kind === 'phase')
    .map(({ ref }) => phases.indexOf(ref as Phase))
  return phases[Math.max(0, ...reached)] ?? 'created'
}

function releaseOf(entries: readonly Entry[]): Release | undefined {
  const keys = entries.filter(({ kind }) => kind === 'released').map(({ key }) => key)
  return (['captured', 'voided', 'lapsed'] as const).find((release) => keys.includes(release))
}

/** The key of a dispute's entry is `<id>:<state>:<withdrawn>`; the furthest state counts, and in it the largest amount. */
function disputesOf(entries: readonly Entry[]): readonly Dispute[] {
  const latest = new Map<string, { rank: number; withdrawnMinor: bigint }>()
  for (const { ref, key, amountMinor } of entries) {
    const rank = disputeStates.findIndex((state) => key.startsWith(`${ref}:${state}:`))
    const known = latest.get(ref)
    if (!known || rank > known.rank || (rank === known.rank && amountMinor > known.withdrawnMinor))
      latest.set(ref, { rank, withdrawnMinor: amountMinor })
  }
  return [...latest]
    .map(([id, { rank, withdrawnMinor }]) => ({
      id,
      state: disputeStates[rank] ?? 'inquiry',
      withdrawnMinor,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}
