import type Stripe from 'stripe'
import t from 'tap'
import { stripeFailure } from './stripe-failure.ts'
import { stripeSnapshot } from './stripe-snapshot.ts'

const intent = (more: object = {}, charge: object = {}): Stripe.PaymentIntent =>
  ({
    ...{ id: 'pi_1', currency: 'eur', amount: 1_000, amount_received: 400, amount_capturable: 0 },
    ...{
      metadata: { payment_id: 'p1' },
      payment_method_types: ['card'],
      status: 'succeeded',
      next_action: null,
    },
    latest_charge: {
      id: 'ch_1',
      status: 'succeeded',
      captured: true,
      paid: true,
      amount_captured: 400,
      currency: 'eur',
      ...charge,
    },
    ...more,
  }) as unknown as Stripe.PaymentIntent // the parts that are read

const refund = (more: object): Stripe.Refund =>
  ({
    id: 're_1',
    amount: 100,
    currency: 'eur',
    status: 'succeeded',
    metadata: {},
    balance_transaction: 'txn_1',
    ...more,
  }) as unknown as Stripe.Refund

t.test('a released authorization that Stripe lists as a refund gave no money back', (t) => {
  const refunds = [
    refund({ id: 're_release', amount: 600, balance_transaction: null }),
    refund({ id: 're_dashboard' }),
  ]
  const ours = refund({ id: 're_ours', balance_transaction: null, metadata: { refund_id: 'r1' } })
  t.match(stripeSnapshot({ intent: intent(), refunds: [...refunds, ours], disputes: [] }).refunds, [
    { id: 're_dashboard', ourId: undefined },
    { id: 're_ours', ourId: 'r1' },
  ])
  const voided = intent({ status: 'canceled', amount_received: 0 }, { captured: false, amount_captured: 0 })
  t.match(stripeSnapshot({ intent: voided, refunds, disputes: [] }), {
    state: 'voided',
    captures: [],
    refunds: [],
  })
  t.end()
})

t.test('an end is told apart by what was before it', (t) => {
  const stateOf = (more: object) =>
    stripeSnapshot({
      intent: intent({ status: 'canceled', amount_received: 0, ...more }),
      refunds: [],
      disputes: [],
    }).state
  t.equal(stateOf({ latest_charge: null }), 'canceled')
  t.equal(stateOf({ latest_charge: null, cancellation_reason: 'automatic' }), 'expired')
  t.equal(stateOf({}), 'voided')
  t.equal(stateOf({ cancellation_reason: 'automatic' }), 'lapsed')
  t.equal(stateOf({ amount_received: 400 }), 'captured')
  t.equal(stateOf({ status: 'something new' }), 'processing')
  t.end()
})

t.test('a dispute takes money unless it is an inquiry or was won', (t) => {
  const taken = (status: string) => {
    const dispute = { id: 'dp_1', status, amount: 400, currency: 'eur' } as unknown as Stripe.Dispute
    const [one] = stripeSnapshot({ intent: intent(), refunds: [], disputes: [dispute] }).disputes
    return [one?.status, one?.withdrawnMinor]
  }
  t.strictSame(taken('warning_needs_response'), ['inquiry', 0n])
  t.strictSame(taken('needs_response'), ['opened', 400n])
  t.strictSame(taken('lost'), ['lost', 400n])
  t.strictSame(taken('appeal_under_review'), ['lost', 400n])
  t.strictSame(taken('won'), ['won', 0n])
  t.strictSame(taken('something new'), ['opened', 400n], 'a person looks at it')
  t.end()
})

t.test('a failure is definite only if the provider said that nothing was done', (t) => {
  const known = (fields: object) => {
    const result = stripeFailure(Object.assign(new Error('no'), fields))
    return result.kind === 'unknown' ? result.thisCall : result.code
  }
  t.equal(known({ type: 'StripeCardError', decline_code: 'insufficient_funds' }), 'insufficient-funds')
  t.equal(known({ type: 'StripeCardError', decline_code: 'stolen_card' }), 'declined', 'no customer is told')
  t.equal(known({ type: 'StripeInvalidRequestError', code: 'amount_too_small' }), 'amount-not-possible')
  t.equal(
    known({ type: 'StripeInvalidRequestError', code: 'payment_intent_unexpected_state' }),
    'not-possible-now',
  )
  t.equal(known({ type: 'StripeInvalidRequestError', code: 'resource_missing' }), 'not-found')
  t.equal(known({ type: 'StripeInvalidRequestError', code: 'parameter_missing' }), 'provider-refused')
  t.equal(
    known({ type: 'StripeInvalidRequestError', code: 'lock_timeout', statusCode: 409 }),
    'may-have-done',
  )
  t.equal(known({ type: 'StripeAPIError', statusCode: 500 }), 'may-have-done')
  t.equal(known({ type: 'StripeIdempotencyError' }), 'may-have-done')
  t.equal(known({ type: 'StripeConnectionError', detail: { code: 'ECONNRESET' } }), 'may-have-done')
  t.equal(known({ type: 'StripeConnectionError', detail: { code: 'ECONNREFUSED' } }), 'did-nothing')
  t.equal(known({ type: 'StripeConnectionError' }), 'may-have-done')
  t.equal(known({ type: 'StripeAuthenticationError' }), 'did-nothing')
  t.equal(known({ type: 'StripeRateLimitError' }), 'did-nothing')
  t.throws(() => stripeFailure(new TypeError('a bug')), 'a bug is no answer of a provider')
  t.end()
})
