import pg from 'pg'
import t from 'tap'
import { testDatabase } from '../platform/testing/database.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { newOrderId, system } from './testing/fixtures.ts'
import { openPayments } from './testing/open-payments.ts'

t.test('the end of an order waits for a worker that is about to ask a provider', async (t) => {
  const { url } = await testDatabase(t)
  const payments = openPayments(t, url)
  const orderId = newOrderId()
  await payments.begin({ orderId })
  const worker = new pg.Client({ connectionString: url })
  await worker.connect()
  t.teardown(() => worker.end())
  await worker.query('begin')
  await worker.query(
    `update payments.operations set first_tried_at = now(), last_tried_at = now(), tries = 1 where order_id = $1`,
    [orderId],
  )
  let isClosed = false
  const closing = { orderId, reason: 'expired', refund: undefined, keepMinor: 0n }
  const closed = payments.app.closeGate(closing, system).finally(() => (isClosed = true))
  await eventually('the end waits for a lock, or has not', async () => {
    const { rows } = await worker.query(
      `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    )
    return rows.length > 0 || isClosed
  })
  await worker.query('commit')
  t.equal((await closed).outcome, 'pending', 'the provider may be taking the money by now')
  t.match((await payments.account(orderId)).operations, [{ status: 'waiting', tries: 1 }])
})
