import pg from 'pg'
import t, { type Test } from 'tap'
import { testDatabase } from '../platform/testing/database.ts'
import { eventually } from '../platform/testing/eventually.ts'
import type { Account } from './domain/account.ts'
import { newOrderId, system, trace } from './testing/fixtures.ts'
import { openPayments } from './testing/open-payments.ts'

/** A worker on a connection of its own that has said that it asks a provider, and has not committed that yet. */
async function workerThatAsks(t: Test, url: string, orderId: string): Promise<pg.Client> {
  const worker = new pg.Client({ connectionString: url })
  await worker.connect()
  t.teardown(() => worker.end())
  await worker.query('begin')
  await worker.query(
    `update payments.operations set first_tried_at = now(), last_tried_at = now(), tries = 1 where order_id = $1`,
    [orderId],
  )
  return worker
}

const somebodyWaits = async (worker: pg.Client): Promise<boolean> => {
  const { rows } = await worker.query(
    `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  )
  return rows.length > 0
}

t.test('what was decided before a worker began to ask a provider is decided again', async (t) => {
  const { url } = await testDatabase(t)
  const payments = openPayments(t, url)
  const orderId = newOrderId()
  await payments.begin({ orderId })
  const worker = await workerThatAsks(t, url, orderId)
  const seen: number[] = []
  const cancelWhatWaits = (before: Account | undefined) => {
    const { operations, ...rest } = before!
    seen.push(operations[0]!.tries)
    const left = operations.filter(({ tries }) => tries > 0)
    const ended = operations
      .filter(({ tries }) => tries === 0)
      .map((each) => ({ ...each, status: 'failed' as const }))
    return { account: { ...rest, operations: [...left, ...ended] }, result: undefined }
  }
  const updated = payments.accounts.update(orderId, cancelWhatWaits, { trace, at: payments.clock.at })
  await eventually('the change waits for the worker', () => somebodyWaits(worker))
  await worker.query('commit')
  await updated
  t.strictSame(seen, [0, 1])
  t.match((await payments.account(orderId)).operations, [{ status: 'waiting', tries: 1 }])
})

t.test('what another process has changed meanwhile is seen by a decision that changes nothing', async (t) => {
  const { url } = await testDatabase(t)
  const [one, other] = [openPayments(t, url), openPayments(t, url)]
  const orderId = newOrderId()
  await one.begin({ orderId })
  await other.accounts.update(orderId, withReason('changed'), { trace, at: other.clock.at })
  const keepOrSay = (before: Account | undefined) =>
    before?.gate.reason === 'changed'
      ? withReason('seen')(before)
      : { account: before!, result: 'nothing to do' }
  t.match(await one.accounts.update(orderId, keepOrSay, { trace, at: one.clock.at }), { result: 'seen' })
  const refuse = (before: Account | undefined) => {
    if (before?.gate.reason === 'seen') throw new Error('the old state')
    return { account: before!, result: before?.gate.reason }
  }
  await other.accounts.update(orderId, withReason('at last'), { trace, at: other.clock.at })
  t.match(await one.accounts.update(orderId, refuse, { trace, at: one.clock.at }), { result: 'at last' })
})

t.test('what was decided before another process changed it is decided again', async (t) => {
  const { url } = await testDatabase(t)
  const [one, other] = [openPayments(t, url), openPayments(t, url)]
  const orderId = newOrderId()
  await one.begin({ orderId })
  await other.accounts.update(orderId, withReason('changed'), { trace, at: other.clock.at })
  const seen: unknown[] = []
  const goOn = (before: Account | undefined) => {
    seen.push(before?.gate.reason)
    return withReason(`${before?.gate.reason} twice`)(before)
  }
  await one.accounts.update(orderId, goOn, { trace, at: one.clock.at })
  t.strictSame(seen, ['', 'changed'])
  t.match(await one.account(orderId), { gate: { reason: 'changed twice' } })
})

const withReason = (reason: string) => (before: Account | undefined) => ({
  account: { ...before!, gate: { ...before!.gate, reason } },
  result: reason,
})

t.test('the end of an order waits for a worker that is about to ask a provider', async (t) => {
  const { url } = await testDatabase(t)
  const payments = openPayments(t, url)
  const orderId = newOrderId()
  await payments.begin({ orderId })
  const worker = await workerThatAsks(t, url, orderId)
  let isClosed = false
  const closing = { orderId, reason: 'expired', refund: undefined, keepMinor: 0n }
  const closed = payments.app.closeGate(closing, system).finally(() => (isClosed = true))
  await eventually(
    'the end waits for a lock, or has not',
    async () => (await somebodyWaits(worker)) || isClosed,
  )
  await worker.query('commit')
  t.equal((await closed).outcome, 'pending', 'the provider may be taking the money by now')
  t.match((await payments.account(orderId)).operations, [{ status: 'waiting', tries: 1 }])
})
