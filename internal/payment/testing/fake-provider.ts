import type {
  CallKey,
  CaptureCall,
  CreateCall,
  CreateResult,
  Provider,
  RefundCall,
  RefundResult,
  Unknown,
  VoidCall,
  Webhook,
} from '../application/provider.ts'
import type { PaymentSnapshot, RefundSnapshot } from '../domain/payment-snapshot.ts'

type Stored = { snapshot: PaymentSnapshot; readonly call: CreateCall }

/** What goes wrong with the next calls. `before`: nothing is done. `after`: it is done, and the answer is lost. */
export type Fault = 'before' | 'after' | 'declined' | 'never-reached'

/**
 * A provider in memory that behaves as the port says: idempotent by key, with `find`, and cumulative snapshots. Tests and
 * the simulation decide what customers do and which answers are lost.
 */
export function fakeProvider({ callEndsAfterMs = 0 }: { readonly callEndsAfterMs?: number } = {}) {
  const payments = new Map<string, Stored>()
  const answers = new Map<string, unknown>()
  const faults: Fault[] = []
  const calls: string[] = []
  let made = 0
  const unknown = (thisCall: Unknown['thisCall']): Unknown => ({
    kind: 'unknown',
    reason: 'no answer',
    thisCall,
  })
  const declined = {
    kind: 'declined',
    code: 'declined',
    providerCode: 'generic_decline',
    message: 'no',
    payment: undefined,
  } as const

  async function once<Result>(what: string, { operationId, attempt }: CallKey, work: () => Result) {
    calls.push(what)
    const fault = faults.shift()
    if (fault === 'never-reached') return unknown('did-nothing')
    if (fault === 'before') return unknown('may-have-done')
    if (fault === 'declined') return declined
    const key = `${operationId}:${attempt}`
    if (!answers.has(key)) answers.set(key, work())
    return fault === 'after' ? unknown('may-have-done') : (answers.get(key) as Result)
  }

  const stored = (ref: string): Stored => {
    const found = payments.get(ref)
    if (!found) throw new Error(`the fake provider has no payment ${ref}`)
    return found
  }

  function capture(ref: string, minor: bigint, ourId: string | undefined, isFinal = true): PaymentSnapshot {
    const { snapshot } = stored(ref)
    const left = isFinal ? 0n : snapshot.authorizedMinor - minor
    const captures = [
      ...snapshot.captures,
      { id: `ch_${++made}`, ourId, status: 'succeeded' as const, cumulativeMinor: minor },
    ]
    const state = left > 0n ? ('authorized' as const) : ('captured' as const)
    return put(ref, { captures, authorizedMinor: left, state, actionUrl: undefined })
  }

  function put(ref: string, change: Partial<PaymentSnapshot>): PaymentSnapshot {
    const entry = stored(ref)
    entry.snapshot = { ...entry.snapshot, ...change }
    return entry.snapshot
  }

  function settle(ref: string): PaymentSnapshot {
    const { call } = stored(ref)
    if (call.capture === 'at-once') return capture(ref, call.money.minor, undefined)
    return put(ref, { state: 'authorized', authorizedMinor: call.money.minor, actionUrl: undefined })
  }

  function create(call: CreateCall): CreateResult {
    const ref = `pi_${++made}`
    const { money, ourId, method } = call
    const snapshot: PaymentSnapshot = {
      ...{ ref, ourId, method, state: 'processing', actionUrl: undefined, currency: money.currency },
      ...{ amountMinor: money.minor, authorizedMinor: 0n, authorizedUntil: undefined },
      ...{ captures: [], refunds: [], disputes: [], failure: undefined },
    }
    payments.set(ref, { snapshot, call })
    if (call.token === 'pm_card_chargeDeclined') {
      const failure = { code: 'declined', message: 'no' }
      return { ...declined, payment: put(ref, { state: 'failed', failure }) }
    }
    if (call.token === undefined || call.token === 'pm_card_threeDSecure2Required') {
      const url = `http://sandbox/pay/${ref}`
      return { kind: 'requiresAction', url, payment: put(ref, { state: 'action_required', actionUrl: url }) }
    }
    return { kind: call.capture === 'at-once' ? 'captured' : 'authorized', payment: settle(ref) }
  }

  function refund({ ref, money, ourId }: RefundCall): RefundResult {
    const { snapshot } = stored(ref)
    const taken = snapshot.captures.reduce((sum, each) => sum + each.cumulativeMinor, 0n)
    const back = snapshot.refunds
      .filter(({ status }) => status !== 'failed')
      .reduce((sum, each) => sum + each.amountMinor, 0n)
    if (back + money.minor > taken) return { ...declined, code: 'amount-not-possible' }
    const made1: RefundSnapshot = {
      ...{ id: `re_${++made}`, ourId, status: 'succeeded', amountMinor: money.minor, failure: undefined },
    }
    put(ref, { refunds: [...snapshot.refunds, made1] })
    return { kind: 'succeeded', refund: made1 }
  }

  const provider: Provider = {
    name: 'fake',
    methods: (['card', 'paypal', 'ideal'] as const).map((id) => ({
      ...{ id, name: id, kind: id === 'ideal' ? 'redirect' : 'card', takesToken: id === 'card' },
      ...{
        needsReturnUrl: false,
        isCancelable: id !== 'ideal',
        endsAfterMs: id === 'ideal' ? 900_000 : undefined,
      },
      ...{
        processesForMs: undefined,
        captures: id === 'ideal' ? 'never' : 'many',
        authorizationLastsMs: 604_800_000,
      },
      limitsOf: () => ({ minimumMinor: 50n, maximumMinor: 99_999_999n, stepMinor: 1n }),
    })),
    keyLifetimeMs: 23 * 3_600_000,
    callEndsAfterMs,
    create: (call) => once('create', call.key, () => create(call)),
    capture: ({ key, ref, money, isFinal }: CaptureCall) =>
      once('capture', key, () => ({
        kind: 'captured' as const,
        payment: capture(ref, money.minor, key.operationId, isFinal),
      })),
    void: ({ key, ref }: VoidCall) =>
      once('void', key, () => {
        const { snapshot } = stored(ref)
        const state = snapshot.authorizedMinor > 0n ? ('voided' as const) : ('canceled' as const)
        if (snapshot.state !== 'authorized' && snapshot.state !== 'action_required') return declined
        return {
          kind: 'voided' as const,
          payment: put(ref, { state, authorizedMinor: 0n, actionUrl: undefined }),
        }
      }),
    refund: (call) => once('refund', call.key, () => refund(call)),
    read: async (ref) => {
      calls.push('read')
      const found = payments.get(ref)
      return found ? { kind: 'found', payment: found.snapshot } : { kind: 'absent' }
    },
    find: async (ourId) => {
      calls.push('find')
      const found = [...payments.values()].find(({ snapshot }) => snapshot.ourId === ourId)
      return found ? { kind: 'found', payment: found.snapshot } : { kind: 'absent' }
    },
    touched: async () => ({ kind: 'page', refs: [...payments.keys()], next: undefined }),
    parseWebhook: async (headers, rawBody): Promise<Webhook> => {
      if (headers['x-signature'] !== 'good') return { kind: 'forged', reason: 'no signature' }
      const { eventId, ref, captured } = JSON.parse(Buffer.from(rawBody).toString()) as {
        eventId?: string
        ref: string
        captured?: { minor: string; currency: string }
      }
      const told = captured && { ...captured, minor: BigInt(captured.minor) }
      return { kind: 'hint', eventId, ref, what: 'payment.changed', captured: told }
    },
  }

  return {
    provider,
    calls,
    /** The next calls fail so, one after another. */
    fail: (...next: readonly Fault[]) => void faults.push(...next),
    snapshots: (): readonly PaymentSnapshot[] => [...payments.values()].map(({ snapshot }) => snapshot),
    /** The customer has come and agreed. It works after a cancel too, as with banks that are late. */
    approve: (ref: string) => settle(ref),
    put,
    forget: () => answers.clear(),
  }
}

export type FakeProvider = ReturnType<typeof fakeProvider>
