import t from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import { newOrderId, trace } from '../testing/fixtures.ts'
import { inMemoryPayments } from '../testing/in-memory-payments.ts'
import { closeEndedOrders } from './gates.ts'

t.test('of orders that are over none waits until another one is done', async (t) => {
  let waiting = 0
  const { accounts } = inMemoryPayments()
  const find = async (): Promise<undefined> => {
    waiting++
    await eventually('the others come as well', () => waiting >= 8, 2_000)
    return undefined
  }
  const close = closeEndedOrders({
    accounts: { ...accounts, find },
    newId: newOrderId,
    now: () => new Date(),
  })
  const ended = Array.from({ length: 20 }, () => ({ orderId: newOrderId(), reason: 'canceled', trace }))
  await t.resolves(close(ended))
})
