import { type Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import { newId } from '../../platform/new-id.ts'
import type { CreateCall, CreateResult, Provider } from '../application/provider.ts'
import type { PaymentSnapshot } from '../domain/payment-snapshot.ts'

/** A provider, and the other side of it: the customer, the dashboard and the network. */
export type ProviderUnderTest = {
  readonly provider: Provider
  /** The customer's answer on the page of the provider. */
  readonly answer: (pageUrl: string, answer: 'approve' | 'decline') => Promise<unknown>
  readonly refundAtDashboard: (ref: string, units: number) => Promise<unknown>
  readonly dispute: (ref: string, body: object) => Promise<unknown>
  /** Lets every call fail in this manner, until `false`. */
  readonly breakCalls: (manner: 'fail' | 'do-then-fail' | 'hang' | false) => Promise<unknown>
}

export const returnUrl = 'https://shop.example/thanks'

export const createCall = (more: Partial<CreateCall> = {}): CreateCall => {
  const ourId = newId()
  return {
    key: { operationId: ourId, attempt: 1 },
    ourId,
    orderId: newId(),
    money: { minor: 1_999n, currency: 'EUR' },
    method: 'card',
    token: 'pm_card_visa',
    returnUrl,
    notifyUrl: undefined,
    capture: 'at-once',
    description: 'Order 17',
    ...more,
  }
}

const key = () => ({ operationId: newId(), attempt: 1 })
const euros = (minor: bigint) => ({ minor, currency: 'EUR' })

/** What every provider does, whichever its API. */
export function providerContract(t: Test, open: () => ProviderUnderTest): void {
  const read = async (ref: string): Promise<PaymentSnapshot> => {
    const result = await open().provider.read(ref)
    if (result.kind !== 'found') throw new Error(`${ref} is ${result.kind}`)
    return result.payment
  }
  const made = async (more: Partial<CreateCall> = {}): Promise<PaymentSnapshot> => {
    const result = await open().provider.create(createCall(more))
    if (!('payment' in result) || !result.payment) throw new Error(JSON.stringify(result))
    return result.payment
  }
  const authorized = (more: Partial<CreateCall> = {}) => made({ capture: 'later', ...more })
  const waiting = async (more: Partial<CreateCall> = {}) => {
    const result = await open().provider.create(
      createCall({ token: 'pm_card_threeDSecure2Required', ...more }),
    )
    if (result.kind !== 'requiresAction') throw new Error(JSON.stringify(result))
    return result
  }
  const taken = ({ captures }: PaymentSnapshot): bigint =>
    captures.reduce((sum, one) => (one.status === 'succeeded' ? sum + one.cumulativeMinor : sum), 0n)

  t.test('takes the money at once', async (t) => {
    const call = createCall()
    const result = await open().provider.create(call)
    t.match(result, {
      kind: 'captured',
      payment: { state: 'captured', currency: 'EUR', amountMinor: 1_999n },
    })
    if (result.kind !== 'captured') return
    t.equal(result.payment.ourId, call.ourId)
    t.equal(taken(result.payment), 1_999n)
    t.strictSame(await read(result.payment.ref), result.payment, 'and says the same when it is read')
  })

  t.test('authorizes, and captures all of it later', async (t) => {
    const payment = await authorized()
    t.match(payment, { state: 'authorized', authorizedMinor: 1_999n, captures: [] })
    t.ok(payment.authorizedUntil === undefined || payment.authorizedUntil.getTime() > Date.now())
    const { ref } = payment
    const result = await open().provider.capture({ key: key(), ref, money: euros(1_999n), isFinal: true })
    t.equal(result.kind, 'captured')
    const now = await read(ref)
    t.match(now, { state: 'captured', authorizedMinor: 0n })
    t.equal(taken(now), 1_999n)
  })

  t.test('captures a part and gives the rest back', async (t) => {
    const { ref } = await authorized()
    await open().provider.capture({ key: key(), ref, money: euros(500n), isFinal: true })
    const now = await read(ref)
    t.match(now, { state: 'captured', authorizedMinor: 0n, refunds: [] }, 'what was never taken is no refund')
    t.equal(taken(now), 500n)
  })

  t.test('captures in several parts, where the method can', async (t) => {
    if (open().provider.methods.find(({ id }) => id === 'card')?.captures !== 'many') return
    const { ref } = await authorized()
    await open().provider.capture({ key: key(), ref, money: euros(500n), isFinal: false })
    const between = await read(ref)
    t.match(between, { state: 'authorized', authorizedMinor: 1_499n })
    t.equal(taken(between), 500n)
    await open().provider.capture({ key: key(), ref, money: euros(1_000n), isFinal: true })
    const now = await read(ref)
    t.match(now, { state: 'captured', authorizedMinor: 0n })
    t.equal(taken(now), 1_500n)
  })

  t.test('refuses to capture more than was authorized, and says that nothing was done', async (t) => {
    const { ref } = await authorized()
    const result = await open().provider.capture({ key: key(), ref, money: euros(2_000n), isFinal: true })
    t.equal(result.kind, 'declined')
    t.match(await read(ref), { state: 'authorized', authorizedMinor: 1_999n, captures: [] })
  })

  t.test('gives an authorization back', async (t) => {
    const { ref } = await authorized()
    const result = await open().provider.void({ key: key(), ref, reason: 'expired' })
    t.equal(result.kind, 'voided')
    t.match(await read(ref), { state: 'voided', authorizedMinor: 0n, captures: [], refunds: [] })
  })

  t.test('does not void what it has captured', async (t) => {
    const { ref } = await made()
    t.match(await open().provider.void({ key: key(), ref, reason: 'expired' }), {
      kind: 'declined',
      code: 'not-possible-now',
    })
    t.equal(taken(await read(ref)), 1_999n)
  })

  t.test('refunds in parts, up to what was captured', async (t) => {
    const { ref } = await made()
    const refund = (minor: bigint, ourId = newId()) =>
      open().provider.refund({
        key: { operationId: ourId, attempt: 1 },
        ourId,
        ref,
        money: euros(minor),
        reason: 'returned',
      })
    const ourId = newId()
    const first = await refund(999n, ourId)
    t.match(first, { refund: { ourId, amountMinor: 999n } })
    t.equal((await refund(1_001n)).kind, 'declined', 'more than is left')
    await refund(1_000n)
    const now = await eventually('both are done', async () => {
      const snapshot = await read(ref)
      return snapshot.refunds.every(({ status }) => status === 'succeeded') && snapshot
    })
    t.strictSame(now.refunds.map(({ amountMinor }) => amountMinor).sort(), [1_000n, 999n].sort())
    t.ok(
      now.refunds.some((one) => one.ourId === ourId),
      'and names ours',
    )
    t.equal(now.state, 'captured')
  })

  for (const [token, code, providerCode] of [
    ['pm_card_chargeDeclined', 'declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclined', 'declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient-funds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired-card', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect-cvc', 'incorrect_cvc'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'declined', 'stolen_card'],
    ['pm_card_chargeDeclinedProcessingError', 'processing-error', 'processing_error'],
  ] as const) {
    t.test(`declines ${token}: ${providerCode}`, async (t) => {
      const result = await open().provider.create(createCall({ token }))
      t.match(result, { kind: 'declined', code, payment: { state: 'failed', captures: [] } })
    })
  }

  t.test('sends the customer to a page, and takes the money when he approves', async (t) => {
    const { url, payment } = await waiting()
    t.match(payment, { state: 'action_required', actionUrl: url, captures: [] })
    await open().answer(url, 'approve')
    const now = await read(payment.ref)
    t.match(now, { state: 'captured', actionUrl: undefined })
    t.equal(taken(now), 1_999n)
  })

  t.test('takes nothing when the customer declines on the page', async (t) => {
    const { url, payment } = await waiting()
    await open().answer(url, 'decline')
    t.match(await read(payment.ref), {
      state: 'failed',
      captures: [],
      failure: { code: 'authentication-failed' },
    })
  })

  t.test('declines after the page where the bank does', async (t) => {
    const { url, payment } = await waiting({
      token: 'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
    })
    await open().answer(url, 'approve')
    t.match(await read(payment.ref), {
      state: 'failed',
      captures: [],
      failure: { code: 'insufficient-funds' },
    })
  })

  for (const method of ['ideal', 'paypal']) {
    t.test(`sends the customer of ${method} to a page, without a token`, async (t) => {
      const { url, payment } = await waiting({ method, token: undefined })
      t.equal(payment.method, method)
      await open().answer(url, 'approve')
      t.equal(taken(await read(payment.ref)), 1_999n)
    })
  }

  t.test('calls back an attempt that waits, exactly where its method says so', async (t) => {
    for (const { id, isCancelable, endsAfterMs } of open().provider.methods) {
      const { payment } = await waiting({
        method: id,
        token: id === 'card' ? 'pm_card_threeDSecure2Required' : undefined,
      })
      const result = await open().provider.void({ key: key(), ref: payment.ref, reason: 'expired' })
      t.equal(result.kind, isCancelable ? 'voided' : 'declined', id)
      t.equal((await read(payment.ref)).state, isCancelable ? 'canceled' : 'action_required', id)
      t.ok(isCancelable || endsAfterMs !== undefined, 'what cannot be called back ends by itself')
    }
  })

  t.test('the same key twice does the thing once', async (t) => {
    const call = createCall()
    const [one, other] = await Promise.all([open().provider.create(call), open().provider.create(call)])
    t.equal(refOf(one), refOf(other))
    const refund = { key: key(), ourId: newId(), ref: refOf(one), money: euros(100n), reason: 'returned' }
    await open().provider.refund(refund)
    await open().provider.refund(refund)
    t.equal((await read(refOf(one))).refunds.length, 1)
    const { ref } = await authorized()
    const capture = { key: key(), ref, money: euros(500n), isFinal: false }
    if (open().provider.methods[0]?.captures !== 'many') return
    await open().provider.capture(capture)
    await open().provider.capture(capture)
    t.equal(taken(await read(ref)), 500n)
  })

  t.test('the same key with another amount is never a second payment', async (t) => {
    const call = createCall()
    const first = refOf(await open().provider.create(call))
    const second = await open().provider.create({ ...call, money: euros(2_000n) })
    t.ok(second.kind === 'unknown' || refOf(second) === first, second.kind)
  })

  t.test('what was done although the call failed is unknown, and found', async (t) => {
    for (let time = 0; time < 4; time++) {
      const call = createCall()
      const from = new Date()
      await open().breakCalls('do-then-fail')
      const result = await open().provider.create(call)
      await open().breakCalls(false)
      t.match(result, { kind: 'unknown', thisCall: 'may-have-done' })
      const found = await open().provider.find(call.ourId, { from, to: new Date() })
      t.match(found, { kind: 'found', payment: { ourId: call.ourId, state: 'captured' } })
      const again = await open().provider.create(call)
      t.ok(
        again.kind === 'unknown' || (found.kind === 'found' && refOf(again) === found.payment.ref),
        'and not done again',
      )
    }
  })

  t.test('what was not done although nobody says so is absent, and the next attempt does it', async (t) => {
    for (let time = 0; time < 4; time++) {
      const call = createCall()
      const from = new Date()
      await open().breakCalls('fail')
      const result = await open().provider.create(call)
      await open().breakCalls(false)
      t.match(result, { kind: 'unknown', thisCall: 'may-have-done' })
      t.match(await open().provider.find(call.ourId, { from, to: new Date() }), { kind: 'absent' })
      const next = await open().provider.create({ ...call, key: { ...call.key, attempt: 2 } })
      t.equal(next.kind, 'captured')
    }
  })

  t.test('a call that is never answered is unknown', async (t) => {
    await open().breakCalls('hang')
    const result = await open().provider.create(createCall())
    const seen = await open().provider.read('tr_1')
    await open().breakCalls(false)
    t.match([result, seen], [{ kind: 'unknown', thisCall: 'may-have-done' }, { kind: 'unknown' }])
  })

  t.test('a refund at the dashboard is seen with an id of its own', async (t) => {
    const { ref } = await made()
    await open().refundAtDashboard(ref, 700)
    const { refunds } = await read(ref)
    t.match(refunds, [{ ourId: undefined, amountMinor: 700n }])
  })

  t.test('a dispute takes the money, and gives it back when it is won', async (t) => {
    const { ref } = await made()
    await open().dispute(ref, { amount: 1_500 })
    const [opened] = (await read(ref)).disputes
    t.match(opened, { status: 'opened', amountMinor: 1_500n, withdrawnMinor: 1_500n })
    await open().dispute(ref, { outcome: 'won' })
    const [won] = (await read(ref)).disputes
    t.match(won, { id: opened?.id, status: 'won', withdrawnMinor: 0n })
  })

  t.test('pm_card_createDispute is disputed by itself', async (t) => {
    const { ref } = await made({ token: 'pm_card_createDispute' })
    t.match((await read(ref)).disputes, [{ status: 'opened', withdrawnMinor: 1_999n }])
  })

  t.test('what does not exist is absent', async (t) => {
    const between = { from: new Date(), to: new Date() }
    t.equal((await open().provider.find(newId(), between)).kind, 'absent')
    t.match(
      await open().provider.refund({
        key: key(),
        ourId: newId(),
        ref: 'tr_none',
        money: euros(1n),
        reason: '',
      }),
      {
        kind: 'declined',
        code: 'not-found',
      },
    )
    t.equal((await open().provider.read('tr_none')).kind, 'absent')
  })

  t.test('tells which payments were touched in a time', async (t) => {
    const from = new Date(Math.floor(Date.now() / 1_000) * 1_000)
    const one = await made()
    const other = await made()
    await open().refundAtDashboard(other.ref, 100)
    const refs: string[] = []
    let cursor: string | undefined
    do {
      const page = await open().provider.touched({ from, to: new Date(Date.now() + 1_000) }, cursor)
      if (page.kind !== 'page') throw new Error(page.reason)
      refs.push(...page.refs)
      cursor = page.next
    } while (cursor !== undefined)
    t.ok(refs.includes(one.ref))
    t.equal(refs.filter((ref) => ref === other.ref).length, 2, 'once as a payment, and once for its refund')
  })
}

export function refOf(result: CreateResult): string {
  return ('payment' in result ? result.payment?.ref : undefined) ?? result.kind
}
