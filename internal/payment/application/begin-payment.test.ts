import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { fakeProvider } from '../testing/fake-provider.ts'
import { beginning, system } from '../testing/fixtures.ts'
import { inMemoryPayments } from '../testing/in-memory-payments.ts'
import { beginPayment } from './begin-payment.ts'
import { offeredMethods } from './methods.ts'

function shop() {
  const { accounts, tables } = inMemoryPayments()
  const methods = offeredMethods([fakeProvider().provider], true)
  const now = (): Date => new Date()
  const begin = beginPayment({ accounts, methods, newId, now, capture: 'at-once', attemptsPerHour: 10 })
  const owing = (dueMinor: bigint, method = 'card') =>
    begin({ ...beginning({ dueMinor, method }), capture: undefined }, system)
  return { tables, owing }
}

t.test('an amount that the method does not take begins no payment', async (t) => {
  const { tables, owing } = shop()
  for (const dueMinor of [49n, 100_000_000n])
    await t.rejects(owing(dueMinor), { kind: 'invalid', code: 'payment.amount-not-payable' })
  t.equal(tables.accounts.size, 0)
  t.match(await owing(50n), { isNew: true, payment: { amountMinor: 50n } })
  t.match(await owing(49n, 'invoice'), { isNew: true }, 'it may be paid by another one')
})

t.test('a method that the shop does not have is refused', async (t) => {
  await t.rejects(shop().owing(50n, 'cheque'), { code: 'payment.unknown-method' })
})
