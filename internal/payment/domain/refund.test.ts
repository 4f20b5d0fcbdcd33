import { ok } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { amountsOf, balanceOf, foldOf, isCovered, type Account } from './account.ts'
import { conclude, type Outcome } from './conclude.ts'
import { changeOf } from './events.ts'
import { observe } from './observe.ts'
import type { RefundSnapshot } from './payment-snapshot.ts'
import { upTo } from './goods-units.ts'
import { requestRefund, type RefundRequest } from './request-refund.ts'
import { settle } from './settle.ts'
import { answered, begun, captured, now, paid } from '../testing/fixtures.ts'

const refund = (account: Account, request: Partial<RefundRequest> = {}) =>
  requestRefund(
    account,
    account.payments,
    { amountMinor: undefined, lines: [], reason: 'returned', ...request },
    now,
    newId,
  )
const told = (account: Account, refunds: readonly Partial<RefundSnapshot>[]) =>
  answered(
    account,
    captured(10_000n, {
      refunds: refunds.map((each, n) => ({
        ...{ id: `re_${n}`, ourId: undefined, status: 'succeeded', amountMinor: 1_000n, failure: undefined },
        ...each,
      })),
    }),
  )

t.test('all is given back unless an amount is said, and never more than there is', (t) => {
  t.equal(refund(paid()).refunds[0]!.amountMinor, 10_000n)
  const part = refund(paid(), { amountMinor: 4_000n }).account
  t.match(amountsOf(part), { pendingMinor: 4_000n, creditedMinor: 4_000n, refundedMinor: 0n })
  t.throws(() => refund(part, { amountMinor: 6_001n }), { kind: 'conflict', code: 'refund.exceeds-balance' })
  t.equal(refund(part).refunds[0]!.amountMinor, 6_000n)
  t.throws(() => refund(paid(), { amountMinor: 0n }), { kind: 'invalid', code: 'refund.invalid-amount' })
  t.end()
})

t.test('what is given back for goods is not owed again, and is no excess', (t) => {
  const account = refund(paid(), { amountMinor: 4_000n }).account
  t.ok(isCovered(account))
  t.equal(settle(account, now, newId).refunds.length, 1)
  t.end()
})

t.test('a refund ends as the provider says; one that fails stays reserved until somebody decides', (t) => {
  const asked = refund(paid(), { amountMinor: 1_000n }).account
  const ourId = asked.refunds[0]!.id
  const done = told(asked, [{ ourId }])
  t.match(done.refunds, [{ status: 'succeeded' }])
  t.match(amountsOf(done), { refundedMinor: 1_000n, pendingMinor: 0n })
  const failed = told(done, [{ ourId, status: 'failed' }])
  t.match(failed.refunds, [{ status: 'failed' }])
  t.match(amountsOf(failed), { refundedMinor: 0n, pendingMinor: 1_000n })
  t.equal(balanceOf(failed.payments[0]!, failed.refunds), 9_000n)
  t.match(told(failed, [{ ourId }]).refunds, [{ status: 'failed' }], 'an old word changes nothing')
  const again = told(failed, [{ ourId, status: 'failed' }, { ourId }])
  t.match(again.refunds, [{ status: 'succeeded' }], 'a second try may succeed')
  t.equal(amountsOf(again).refundedMinor, 1_000n)
  t.end()
})

t.test('a refund of the dashboard is taken over once, and reduces what can be given back', (t) => {
  const one = told(paid(), [{}])
  const twice = told(one, [{}])
  t.match(twice.refunds, [{ status: 'succeeded', creditMinor: 1_000n }])
  t.equal(twice.refunds.length, 1)
  t.equal(balanceOf(twice.payments[0]!, twice.refunds), 9_000n)
  t.ok(isCovered(twice))
  t.throws(() => refund(twice, { amountMinor: 9_001n }), { code: 'refund.exceeds-balance' })
  t.end()
})

t.test('a refund of the dashboard that fails after all is taken back', (t) => {
  const before = told(paid(), [{}])
  const failed = told(before, [{ status: 'failed' }])
  t.match(failed.refunds, [{ status: 'canceled' }])
  t.match(amountsOf(failed), { refundedMinor: 0n, pendingMinor: 0n, creditedMinor: 0n })
  t.equal(balanceOf(failed.payments[0]!, failed.refunds), 10_000n, 'all of it can be given back')
  t.match(told(failed, [{}]).refunds, [{ status: 'canceled' }], 'an old word changes nothing')
  const { events } = changeOf(before, failed, now)
  t.match(events, [{ type: 'refund.failed', money: { capturedMinor: 10_000n, refundedMinor: 0n } }])
  t.equal(events.length, 1, 'its order is told')
  t.end()
})

t.test('units are priced by the line, and single returns add up to the whole', (t) => {
  const lines = [{ lineId: 'a', quantity: 3, totalMinor: 1_000n, short: 0, returned: 0 }]
  let account = paid({ lines })
  const amounts = [1, 1, 1].map((quantity) => {
    const made = refund(account, { lines: [{ lineId: 'a', quantity }] })
    account = made.account
    return made.refunds[0]!.amountMinor
  })
  t.strictSame(amounts, [333n, 333n, 334n])
  t.throws(() => refund(account, { lines: [{ lineId: 'a', quantity: 1 }] }), { code: 'refund.exceeds-line' })
  t.throws(() => refund(account, { lines: [{ lineId: 'b', quantity: 1 }] }), { code: 'refund.unknown-line' })
  t.end()
})

t.test('however a line is split, its parts add up', (t) => {
  const split = fc
    .tuple(fc.bigInt(0n, 10n ** 15n), fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1 }))
    .filter(([, parts]) => parts.length > 0)
  fc.assert(
    fc.property(split, ([totalMinor, parts]) => {
      const line = { lineId: 'a', quantity: parts.reduce((sum, part) => sum + part, 0), totalMinor }
      let before = 0
      let sum = 0n
      for (const part of parts) {
        const amount = upTo(line, before + part) - upTo(line, before)
        ok(amount >= 0n)
        sum += amount
        before += part
      }
      ok(sum === totalMinor)
    }),
  )
  t.pass()
  t.end()
})

t.test('whatever is asked for and told, our own requests never exceed what was taken', (t) => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('ask' as const), minor: fc.bigInt(1n, 6_000n) }),
    fc.record({ kind: fc.constant('tell' as const), nth: fc.nat(5), ok: fc.boolean() }),
    fc.record({ kind: fc.constant('capture' as const), minor: fc.bigInt(1n, 12_000n) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
      let account = begun()
      for (const each of steps) {
        const { id } = account.payments[0]!
        if (each.kind === 'capture') account = answered(account, captured(each.minor))
        else if (each.kind === 'tell') {
          const wanted = account.refunds[each.nth]
          if (!wanted) continue
          const told: RefundSnapshot = {
            ...{
              id: `re_${each.nth}`,
              ourId: wanted.id,
              amountMinor: wanted.amountMinor,
              failure: undefined,
            },
            status: each.ok ? 'succeeded' : 'failed',
          }
          account = settle(observe(account, id, captured(1n, { refunds: [told] }), now, newId), now, newId)
        } else
          try {
            account = refund(account, { amountMinor: each.minor }).account
          } catch (err) {
            ok((err as { code: string }).code === 'refund.exceeds-balance')
          }
        const { capturedMinor, refundedMinor } = foldOf(account.payments[0]!)
        ok(refundedMinor + amountsOf(account).pendingMinor <= capturedMinor)
      }
    }),
    { numRuns: 300 },
  )
  t.pass()
  t.end()
})

t.test('a refund of which its provider has not spoken is unknown, and whatever is true of it counts', (t) => {
  const asked = refund(paid(), { amountMinor: 4_000n }).account
  const operation = { ...asked.operations.at(-1)!, firstTriedAt: now, lastTriedAt: now, tries: 1 }
  const after = (account: Account, outcome: Outcome) =>
    conclude(account, account.operations.at(-1)!, outcome, now, newId)
  const stateOf = ({ refunds }: Account) => refunds[0]!.status
  const sent = {
    ...asked,
    operations: asked.operations.map((each) => (each.id === operation.id ? operation : each)),
  }
  t.equal(stateOf(after(sent, { kind: 'unknown', didNothing: true })), 'requested', 'nobody was reached')
  const unknown = after(sent, { kind: 'unknown' })
  t.equal(stateOf(unknown), 'unknown')
  t.match(amountsOf(unknown), { pendingMinor: 4_000n }, 'its amount stays reserved')
  t.strictSame(changeOf(sent, unknown, now).events, [])
  const notDone = after(unknown, { kind: 'not-done' })
  t.equal(stateOf(notDone), 'requested', 'it is certain that nothing was done')
  t.strictSame(changeOf(unknown, notDone, now).events, [])
  t.equal(stateOf(after(unknown, { kind: 'staff' })), 'failed', 'nobody but staff can say')
  const { id } = asked.refunds[0]!
  const made = {
    id: 're_0',
    ourId: id,
    status: 'succeeded',
    amountMinor: 4_000n,
    failure: undefined,
  } as const
  t.equal(stateOf(after(unknown, { kind: 'done', refund: made })), 'succeeded')
  t.end()
})
