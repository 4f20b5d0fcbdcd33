import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { answered, authorized, beginning, begun, captured, now, paid, snapshot } from '../testing/fixtures.ts'
import type { Account } from './account.ts'
import { attemptsOf } from './attempts.ts'
import { beginPayment } from './begin.ts'

const again = (account: Account, changes = {}): Account =>
  beginPayment(account, beginning({ orderId: account.gate.orderId, ...changes }), now, newId).account
const after = (state: 'action_required' | 'processing' | 'failed') => answered(begun(), snapshot({ state }))

t.test('the attempts of an order are one word', (t) => {
  for (const [account, attempt, method] of [
    [begun(), 'open', ''],
    [after('action_required'), 'waiting', 'card'],
    [after('processing'), 'processing', 'card'],
    [after('failed'), 'failed', ''],
    [again(after('failed')), 'open', ''],
    [paid(), 'none', ''],
    [answered(begun({ capture: 'shipment' }), authorized()), 'none', ''],
  ] as const)
    t.match(attemptsOf(account), { attempt, method, mismatched: false, disputed: false })
  t.end()
})

t.test('an attempt that another one has taken the place of is not the one that counts', (t) => {
  const account = again(after('action_required'), { method: 'ideal' })
  t.match(attemptsOf(account), { attempt: 'open', method: '' })
  const failed = answered(account, snapshot({ ref: 'pi_2', state: 'failed' }))
  t.match(attemptsOf(failed), { attempt: 'failed' }, 'though the earlier one may still bring money')
  t.end()
})

t.test('money in another currency and disputes without an end are told', (t) => {
  t.match(attemptsOf(answered(begun(), captured(10_000n, { currency: 'USD' }))), { mismatched: true })
  const dispute = (status: 'inquiry' | 'opened' | 'won' | 'lost' | 'closed') => ({
    ...{ id: 'dp_1', status, amountMinor: 10_000n, withdrawnMinor: 10_000n, reason: 'fraudulent' },
  })
  const disputed = (...states: Parameters<typeof dispute>[0][]) =>
    states.reduce((all, status) => answered(all, captured(10_000n, { disputes: [dispute(status)] })), begun())
  for (const [states, isOpen] of [
    [['inquiry'], false],
    [['inquiry', 'opened'], true],
    [['opened'], true],
    [['opened', 'won'], false],
    [['opened', 'lost'], false],
    [['inquiry', 'closed'], false],
  ] as const)
    t.equal(attemptsOf(disputed(...states)).disputed, isOpen, states.join())
  t.end()
})
