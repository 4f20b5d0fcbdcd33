import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import {
  amountsOf,
  balanceOf,
  foldOf,
  isCovered,
  statusOfPayment,
  uncoveredMinor,
  type Account,
} from './account.ts'
import { observe } from './observe.ts'
import type { PaymentSnapshot } from './payment-snapshot.ts'
import { answered, authorized, begun, captured, now, paid, snapshot } from '../testing/fixtures.ts'

const statusAfter = (...said: readonly PaymentSnapshot[]) => {
  const account = said.reduce((all, each) => answered(all, each, 0), begun())
  return statusOfPayment(account.payments[0]!)
}

t.test('a payment is what its provider has said last, as long as there is no money', (t) => {
  t.equal(statusAfter(), 'created')
  t.equal(statusAfter(snapshot({ state: 'action_required' })), 'action_required')
  t.equal(
    statusAfter(snapshot({ state: 'action_required' }), snapshot({ state: 'processing' })),
    'processing',
  )
  t.equal(statusAfter(snapshot({ state: 'processing' }), snapshot({ state: 'failed' })), 'failed')
  t.equal(statusAfter(snapshot({ state: 'failed' }), snapshot({ state: 'action_required' })), 'failed')
  t.end()
})

t.test('a late failed, canceled or expired never undoes a success', (t) => {
  for (const state of ['failed', 'canceled', 'expired', 'action_required', 'processing'] as const) {
    t.equal(statusAfter(captured(), snapshot({ state })), 'captured')
    t.equal(statusAfter(snapshot({ state }), captured()), 'captured', 'and late money counts')
    t.equal(statusAfter(authorized(), snapshot({ state })), 'authorized')
  }
  t.end()
})

t.test('only a failed capture undoes a capture', (t) => {
  const failed = snapshot({
    state: 'failed',
    captures: [{ id: 'ch_pi_1', ourId: undefined, status: 'failed', cumulativeMinor: 10_000n }],
  })
  t.equal(statusAfter(captured(), failed), 'failed')
  t.equal(statusAfter(failed, captured()), 'failed', 'whichever came first')
  t.end()
})

t.test(
  'an authorization that was voided or has lapsed stays so, until money is captured all the same',
  (t) => {
    for (const state of ['voided', 'lapsed'] as const) {
      t.equal(statusAfter(authorized(), snapshot({ state })), state)
      t.equal(statusAfter(snapshot({ state }), authorized()), state)
      t.equal(statusAfter(authorized(), snapshot({ state }), captured()), 'captured')
    }
    t.end()
  },
)

t.test('what several snapshots say of the same capture is counted once', (t) => {
  const account = [captured(2_000n), captured(5_000n), captured(2_000n), captured(5_000n)].reduce(
    (all, each) => answered(all, each, 0),
    begun({ capture: 'shipment' }),
  )
  t.equal(amountsOf(account).capturedMinor, 5_000n)
  t.strictSame(
    account.payments[0]!.entries.filter(({ kind }) => kind === 'captured').map(
      ({ amountMinor }) => amountMinor,
    ),
    [2_000n, 3_000n],
  )
  t.end()
})

t.test('several captures use up an authorization', (t) => {
  const part = (minor: bigint, left: bigint) =>
    captured(minor, { state: left > 0n ? 'authorized' : 'captured', authorizedMinor: left })
  const first = [authorized(), part(4_000n, 6_000n)].reduce(
    (all, each) => answered(all, each, 0),
    begun({ capture: 'shipment' }),
  )
  t.match(amountsOf(first), { authorizedMinor: 6_000n, capturedMinor: 4_000n })
  t.ok(isCovered(first))
  const final = answered(first, part(7_000n, 0n), 0)
  t.match(amountsOf(final), { authorizedMinor: 0n, capturedMinor: 7_000n }, 'the rest was given back')
  t.equal(uncoveredMinor(final), 3_000n)
  t.end()
})

t.test('a dispute takes from what can be given back, until it is won', (t) => {
  const disputed = (status: 'opened' | 'won' | 'lost', withdrawnMinor: bigint) =>
    captured(10_000n, { disputes: [{ id: 'dp_1', status, amountMinor: 10_000n, withdrawnMinor }] })
  const balance = ({ payments, refunds }: Account) => balanceOf(payments[0]!, refunds)
  const opened = answered(paid(), disputed('opened', 10_000n))
  t.equal(balance(opened), 0n)
  t.ok(isCovered(opened), 'and nobody owes anything again')
  t.equal(balance(answered(opened, disputed('lost', 10_000n))), 0n)
  const won = answered(opened, disputed('won', 0n))
  t.equal(balance(won), 10_000n)
  t.equal(balance(answered(won, disputed('opened', 10_000n))), 10_000n, 'an old word changes nothing')
  t.end()
})

/** Everything that a provider may say of a payment of up to 10,000. */
const anySnapshot: fc.Arbitrary<PaymentSnapshot> = fc.record({
  ref: fc.constant('pi_1'),
  ourId: fc.constant(undefined),
  method: fc.constant('card'),
  state: fc.constantFrom(
    ...(['action_required', 'processing', 'authorized', 'captured', 'failed'] as const),
    ...(['canceled', 'expired', 'voided', 'lapsed'] as const),
  ),
  actionUrl: fc.constant(undefined),
  currency: fc.constant('EUR'),
  amountMinor: fc.constant(10_000n),
  authorizedMinor: fc.constantFrom(0n, 0n, 4_000n, 10_000n),
  authorizedUntil: fc.constant(undefined),
  captures: fc.array(
    fc.record({
      id: fc.constantFrom('ch_1', 'ch_2'),
      ourId: fc.constant(undefined),
      status: fc.constantFrom(
        'pending' as const,
        'succeeded' as const,
        'succeeded' as const,
        'failed' as const,
      ),
      cumulativeMinor: fc.bigInt(1n, 10_000n),
    }),
    { maxLength: 2 },
  ),
  refunds: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('re_1', 're_2'),
      ourId: fc.constant(undefined),
      status: fc.constantFrom('pending' as const, 'succeeded' as const, 'failed' as const),
      amountMinor: fc.constant(700n),
      failure: fc.constant(undefined),
    }),
    { selector: ({ id }) => id, maxLength: 2 },
  ),
  disputes: fc.array(
    fc.record({
      id: fc.constantFrom('dp_1', 'dp_2'),
      status: fc.constantFrom(...(['inquiry', 'opened', 'won', 'lost', 'closed'] as const)),
      amountMinor: fc.constant(5_000n),
      withdrawnMinor: fc.constantFrom(0n, 5_000n),
    }),
    { maxLength: 2 },
  ),
  failure: fc.constant(undefined),
})

const foldAll = (said: readonly PaymentSnapshot[]) => {
  const account = begun()
  const { id } = account.payments[0]!
  const after = said.reduce((all, each) => observe(all, id, each, now, newId), account)
  const { firstMoney: _, ...folded } = foldOf(after.payments[0]!)
  return { folded, status: statusOfPayment(after.payments[0]!) }
}

t.test('what a payment is does not depend on the order of the snapshots, nor on repetitions', (t) => {
  const shuffled = fc
    .array(anySnapshot, { maxLength: 6 })
    .chain((said) =>
      fc.tuple(fc.constant(said), fc.shuffledSubarray([...said, ...said], { minLength: said.length * 2 })),
    )
  fc.assert(
    fc.property(shuffled, ([said, again]) => {
      deepStrictEqual(foldAll(again), foldAll(said))
    }),
    { numRuns: 500 },
  )
  t.pass()
  t.end()
})
