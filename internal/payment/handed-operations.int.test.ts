import t from 'tap'
import { testDatabase } from '../platform/testing/database.ts'
import type { Account } from './domain/account.ts'
import { handOperations } from './infrastructure/handed-operations.ts'
import { rememberAccounts } from './infrastructure/remembered-accounts.ts'
import { updatingAtOnce } from './infrastructure/update-at-once.ts'
import { newOrderId, trace } from './testing/fixtures.ts'
import { compareCents, openPayments } from './testing/open-payments.ts'

const rules = () => ({ keyLifetimeMs: 3_600_000, givenUpAfterMs: 86_400_000 })

t.test('a payment that begins is taken by this process as it is stored, and by no other', async (t) => {
  const { url } = await testDatabase(t)
  const one = openPayments(t, url, { handed: handOperations() })
  const other = openPayments(t, url, { fake: one.fake, clock: one.clock })
  const orderId = newOrderId()
  await one.begin({ orderId })
  t.match((await other.account(orderId)).operations, [{ tries: 1, firstTriedAt: one.clock.at }])
  t.strictSame(await other.work.takeOperations(one.clock.at, 4, rules), [])
  await one.drain()
  t.match((await other.account(orderId)).payments, [{ ref: /./ }])
  t.equal(one.fake.calls.length, 1)
  const { ours, theirs } = await compareCents(one)
  t.match(ours, [{ captured: 10_000n }])
  t.strictSame(ours, theirs)
})

t.test(
  'one that dies with a process is asked for by another after the lease, under the same key',
  async (t) => {
    const { url } = await testDatabase(t)
    const one = openPayments(t, url, { handed: handOperations() })
    const other = openPayments(t, url, { fake: one.fake, clock: one.clock })
    for (const failpoint of ['intent-call', 'answer-commit']) {
      const orderId = newOrderId()
      await one.begin({ orderId })
      await one.dieAt(failpoint)
      await other.drain()
      t.match((await other.account(orderId)).payments, [{ ref: undefined }], failpoint)
      one.pass(20_000)
      await other.drain()
      t.match((await other.account(orderId)).payments, [{ ref: /./ }])
    }
    const { ours, theirs } = await compareCents(one)
    t.strictSame(ours, theirs)
    t.equal(one.fake.snapshots().length, 2, 'each was made once')
  },
)

t.test('what another writer was quicker with is not handed to anybody', async (t) => {
  const { url } = await testDatabase(t)
  const payments = openPayments(t, url)
  const orderId = newOrderId()
  await payments.begin({ orderId })
  const account = await payments.account(orderId)
  const handed = handOperations()
  const update = updatingAtOnce({
    ...{ stored: async () => undefined, write: async () => false },
    ...{ remembered: rememberAccounts(), handed },
  })
  const options = { trace, at: payments.clock.at }
  t.equal(await update(orderId, () => ({ account, result: undefined }), options), undefined)
  t.strictSame(handed.next(8, payments.clock.at), [])
})

t.test('one that has waited long, and more than there is room for, are left to the next look', async (t) => {
  const { url } = await testDatabase(t)
  const payments = openPayments(t, url)
  const orderId = newOrderId()
  await payments.begin({ orderId })
  const account: Account = await payments.account(orderId)
  const handed = handOperations()
  const hand = (at: Date): Account => {
    const taken = handed.take(undefined, account, at)
    handed.hand(undefined, taken, at)
    return taken
  }
  const { at } = payments.clock
  t.match(hand(at).operations, [{ tries: 1 }])
  t.strictSame(handed.next(8, new Date(at.getTime() + 10_000)), [], 'its lease may end before its answer')
  for (let nth = 0; nth < 64; nth++) hand(at)
  t.match(hand(at).operations, [{ tries: 0 }])
  t.equal(handed.next(80, at).length, 64)
  const before = new Date(at.getTime() - 1)
  t.match(handed.take(undefined, account, before).operations, [{ tries: 0 }], 'it is not due yet')
})
