import t, { type Test } from 'tap'
import { testDatabase } from '../platform/testing/database.ts'
import { newOrderId } from './testing/fixtures.ts'
import { openPayments, type Payments } from './testing/open-payments.ts'

const open = async (t: Test) => openPayments(t, (await testDatabase(t)).url)

const tell = (payments: Payments, eventId: string, minor: string, currency = 'EUR') =>
  payments.app.receiveWebhook(
    'fake',
    { 'x-signature': 'good' },
    Buffer.from(JSON.stringify({ ref: 'pi_1', eventId, captured: { minor, currency } })),
  )

const reads = ({ fake }: Payments): number => fake.calls.filter((call) => call === 'read').length

const waiting = async ({ inbox }: Payments): Promise<number> => (await inbox.countByStatus()).received ?? 0

t.test('a message that tells what is known ends without a question', async (t) => {
  const payments = await open(t)
  await payments.begin({ orderId: newOrderId() })
  await payments.drain()
  await tell(payments, 'evt_1', '10000')
  await payments.drain()
  t.equal(await waiting(payments), 0)
  t.equal(reads(payments), 0)
})

t.test('a message that tells of more money is read', async (t) => {
  const payments = await open(t)
  await payments.begin({ orderId: newOrderId() })
  await payments.drain()
  await tell(payments, 'evt_1', '10001')
  await payments.drain()
  t.equal(reads(payments), 1)
  await tell(payments, 'evt_2', '10000', 'USD')
  await payments.drain()
  t.equal(reads(payments), 2, 'so is one of another currency')
  t.equal(await waiting(payments), 0)
})

t.test('a message that is quicker than the answer to our own call waits for it', async (t) => {
  const payments = await open(t)
  await payments.begin({ orderId: newOrderId() })
  await tell(payments, 'evt_1', '10000')
  await payments.drain()
  t.strictSame([payments.fake.calls, await waiting(payments)], [['create'], 1])
  payments.pass(500)
  await payments.drain()
  t.strictSame([payments.fake.calls, await waiting(payments)], [['create'], 0])
})

t.test('a message whose payment we have had no answer about is read', async (t) => {
  const payments = await open(t)
  const orderId = newOrderId()
  payments.fake.fail('after')
  await payments.begin({ orderId })
  await tell(payments, 'evt_1', '10000')
  await payments.drain()
  payments.pass(500)
  await payments.drain()
  t.equal(reads(payments), 1)
  t.match(await payments.amounts(orderId), { capturedMinor: 10_000n })
})
