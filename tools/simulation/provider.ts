import type { CallKey, Provider, RefundResult } from '../../internal/payment/application/provider.ts'
import type { PaymentSnapshot } from '../../internal/payment/domain/payment-snapshot.ts'
import { fakeProvider, type FakeProvider } from '../../internal/payment/testing/fake-provider.ts'
import type { Process } from './process.ts'
import { callEndsAfterMs, newCalls } from './provider-calls.ts'
import { newWebhooks, type Deliver } from './webhooks.ts'
import type { World } from './world.ts'

/** The provider of payments: its API, its page for customers, its webhooks, and what goes wrong with them. */
export type SimulatedProvider = {
  /** As one process reaches it. */
  readonly as: (process: Process) => Provider
  /** The customer's answer at the page. */
  readonly answer: (ref: string, answer: 'approve' | 'decline') => void
  readonly faults: {
    /** Its calls go wrong for so long. */
    readonly calls: (how: 'away' | 'failing' | 'hanging', ms: number) => void
    readonly webhooks: (ms: number) => void
    readonly heal: () => void
  }
  readonly snapshots: () => readonly PaymentSnapshot[]
  /** Calls that nobody answered and that may still be carried out, webhooks, and refunds that are not decided. */
  readonly underWay: () => number
}

/** So long a redirect waits for its customer. */
const redirectEndsAfterMs = 30_000
const refundDecidedAfterMs = 1_000

type Inside = { readonly world: World; readonly fake: FakeProvider; readonly tell: (ref: string) => void }

export function newProvider(world: World, deliver: Deliver): SimulatedProvider {
  const fake = fakeProvider({ callEndsAfterMs })
  const [webhooks, calls] = [newWebhooks(world, deliver), newCalls(world)]
  const inside: Inside = { world, fake, tell: webhooks.tell }
  const refunds = lateRefunds(inside)
  const { provider } = fake
  const keyOf = ({ operationId, attempt }: CallKey): string => `${operationId} ${attempt}`

  /** What a call has changed is told to the shop. */
  async function told<Result extends { readonly kind: string }>(work: Promise<Result>): Promise<Result> {
    const result = await work
    const payment = 'payment' in result ? (result.payment as PaymentSnapshot | undefined) : undefined
    if (payment) webhooks.tell(payment.ref)
    return result
  }

  return {
    as: (process) => ({
      ...provider,
      methods: provider.methods.map((method) =>
        method.id === 'ideal' ? { ...method, endsAfterMs: redirectEndsAfterMs } : method,
      ),
      create: (call) =>
        calls.ask(process, keyOf(call.key), async () => {
          const result = await told(provider.create(call))
          if (result.kind === 'requiresAction') endRedirect(inside, result.payment)
          return result
        }),
      capture: (call) => calls.ask(process, keyOf(call.key), () => told(provider.capture(call))),
      void: (call) => calls.ask(process, keyOf(call.key), () => told(provider.void(call))),
      refund: (call) =>
        calls.ask(process, keyOf(call.key), async () => {
          const result = await refunds.decide(call.ref, await provider.refund(call))
          webhooks.tell(call.ref)
          return result
        }),
      read: (ref) => calls.ask(process, '', () => provider.read(ref)),
      find: (ourId, between) => calls.ask(process, '', () => provider.find(ourId, between)),
      touched: (between, cursor) => calls.ask(process, '', () => provider.touched(between, cursor)),
    }),
    answer: (ref, answer) => answerPage(inside, ref, answer),
    faults: {
      calls: calls.goWrong,
      webhooks: webhooks.spoil,
      heal() {
        calls.heal()
        webhooks.spoil(0)
      },
    },
    snapshots: fake.snapshots,
    underWay: () => calls.underWay() + webhooks.underWay() + refunds.underWay(),
  }
}

const snapshotOf = ({ fake }: Inside, ref: string): PaymentSnapshot | undefined =>
  fake.snapshots().find((each) => each.ref === ref)

/** Some refunds are decided a moment later. */
function lateRefunds(inside: Inside) {
  const { world, fake, tell } = inside
  const random = world.random('refunds')
  const decided = new Set<string>()
  let undecided = 0

  function become(ref: string, id: string, status: 'pending' | 'succeeded'): void {
    const refunds = snapshotOf(inside, ref)?.refunds ?? []
    fake.put(ref, { refunds: refunds.map((each) => (each.id === id ? { ...each, status } : each)) })
  }

  return {
    async decide(ref: string, result: RefundResult): Promise<RefundResult> {
      if (result.kind !== 'succeeded') return result
      const { id } = result.refund
      const isRepeated = decided.has(id) // the answer is the first one
      decided.add(id)
      if (isRepeated || random.chance(0.7)) return result
      become(ref, id, 'pending')
      undecided++
      world.time.after(refundDecidedAfterMs, () => {
        undecided--
        become(ref, id, 'succeeded')
        tell(ref)
      })
      return { kind: 'pending', refund: { ...result.refund, status: 'pending' } }
    },
    underWay: () => undecided,
  }
}

/** A bank redirect ends by itself, and nobody can call it back before. */
function endRedirect(inside: Inside, { ref, method }: PaymentSnapshot): void {
  if (method !== 'ideal') return
  inside.world.time.after(redirectEndsAfterMs, () => {
    if (snapshotOf(inside, ref)?.state !== 'action_required') return
    inside.fake.put(ref, { state: 'expired', actionUrl: undefined })
    inside.tell(ref)
  })
}

/** An approval may count although the attempt was called back, or has ended by itself. */
function answerPage(inside: Inside, ref: string, answer: 'approve' | 'decline'): void {
  const { world, fake, tell } = inside
  const payment = snapshotOf(inside, ref)
  const isOpen = payment?.state === 'action_required'
  const isOver = payment?.state === 'canceled' || payment?.state === 'expired'
  if (!payment || payment.captures.length > 0 || !(isOpen || (isOver && answer === 'approve'))) return
  if (isOver && world.random('banks').chance(0.3)) return
  if (isOver) world.count('approved too late')
  const failure = { code: 'declined', message: 'no' }
  if (answer === 'approve') fake.approve(ref)
  else fake.put(ref, { state: 'failed', actionUrl: undefined, failure })
  world.tell('customer', () => `says ${answer} to ${ref}`)
  tell(ref)
}
