import t from 'tap'
import { stripeProvider } from '../payment/infrastructure/providers/stripe.ts'
import type { FakeProvider } from '../payment/testing/fake-provider.ts'
import { newOrderId, system } from '../payment/testing/fixtures.ts'
import { openPayments } from '../payment/testing/open-payments.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { answerPage, openSandbox } from './testing/sandbox.ts'

type Row = { readonly id: string; readonly captured: bigint; readonly refunded: bigint }
type Charge = { readonly paymentId: string; readonly captured: number; readonly refunded: number }

t.test('the payment service and the sandbox agree to the cent, after every fault of its calls', async (t) => {
  const sandbox = await openSandbox(t, { env: { SANDBOX_SEED: '11' } })
  const options = { secretKey: 'sk_test_1', webhookSecret: 'whsec_1', multicapture: false, timeoutMs: 400 }
  const provider = stripeProvider({ ...options, apiUrl: sandbox.url })
  // The drills' use cases over the real adapter; nothing else of the fake is used.
  const payments = openPayments(t, (await testDatabase(t)).url, { fake: { provider } as FakeProvider })
  await sandbox.control('PUT', '/control', {
    calls: { failRate: 0.15, hangRate: 0.03, doThenFailRate: 0.15 },
    lateCapture: 1,
  })
  const tokens = [
    'pm_card_visa',
    'pm_card_chargeDeclined',
    'pm_card_threeDSecure2Required',
    'pm_card_pendingRefund',
  ]
  const orders = Array.from({ length: 48 }, (_, n) => ({ orderId: newOrderId(), token: tokens[n % 4]! }))
  for (const { orderId, token } of orders) await payments.begin({ orderId, token })
  const round = async (): Promise<void> => {
    await payments.drain()
    payments.pass(700_000)
  }
  for (let n = 0; n < 6; n++) await round()
  // Half of the orders end: what is open is called back, what was taken goes back. Some customers approve too late.
  for (const [n, { orderId }] of orders.entries()) {
    if (n % 3 !== 0) continue
    await payments.app.closeGate({ orderId, reason: 'canceled', refund: 'full', keepMinor: 0n }, system)
  }
  for (let n = 0; n < 4; n++) await round()
  const { data: open } = await sandbox.control<{ data: { ref: string; status: string }[] }>(
    'GET',
    '/control/charges',
  )
  for (const { ref, status } of open)
    if (['action_required', 'canceled'].includes(status))
      await answerPage(`${sandbox.url}/pay/${ref}`, 'approve')
  for (let n = 0; n < 4; n++) await round()
  await sandbox.control('PUT', '/control', {})
  for (let n = 0; n < 8; n++) await round()
  // No webhook comes here, so what came late is seen by the comparison of the day.
  payments.pass(86_400_000)
  for (let n = 0; n < 6; n++) await round()

  const rows = await payments.sql.$queryRawUnsafe<Row[]>(
    `select p.id,
       coalesce(sum(e.amount_minor) filter (where e.kind = 'captured'), 0)::bigint as captured,
       coalesce(sum(e.amount_minor) filter (where e.kind = 'refunded'), 0)::bigint as refunded
     from payments.payments p left join payments.entries e on e.payment_id = p.id group by p.id`,
  )
  const { data } = await sandbox.control<{ data: readonly Charge[] }>('GET', '/control/charges')
  const theirs = data.map((one) => [one.paymentId, BigInt(one.captured), BigInt(one.refunded)] as const)
  const sums = new Map(theirs.map(([id, ...sum]) => [id, sum]))
  t.equal(sums.size, theirs.length, 'no payment was made twice')
  for (const { id, captured, refunded } of rows)
    t.strictSame(
      [captured, refunded],
      sums.get(id) ?? [0n, 0n],
      `${id} ${JSON.stringify(data.find((one) => one.paymentId === id))}`,
    )
  t.ok(rows.some(({ refunded }) => refunded > 0n) && rows.some(({ captured }) => captured > 0n))
})
