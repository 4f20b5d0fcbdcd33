import { headers } from '@nats-io/transport-node'
import t, { type Test } from 'tap'
import { createLog } from '../platform/log.ts'
import { connectNats } from '../platform/nats.ts'
import { newId } from '../platform/new-id.ts'
import { createScope } from '../platform/run.ts'
import { testNats } from '../platform/testing/nats-server.ts'
import { decisionFeed } from './decisions.ts'
import { order as pending } from './testing/fake-services.ts'

const log = createLog('test', 'silent')
/** Longer than any test, so that only a message can wake a waiter. */
const neverMs = 120_000

const server = await testNats(t)
const scope = createScope(log, () => undefined)
const nats = await connectNats(scope, log, server.url, 'test')
t.teardown(() => scope.close())

/** An order that the test settles, with a count of the reads. */
function settling(t: Test) {
  const order = { ...pending, id: newId() }
  let status = 'pending'
  let reads = 0
  let onRead = (): void => undefined
  const firstRead = new Promise<void>((resolve) => (onRead = resolve))
  t.teardown(() => onRead())
  return {
    order,
    firstRead,
    reads: () => reads,
    read: async () => {
      reads++
      onRead()
      return { ...order, status }
    },
    settle: (to: string) => (status = to),
  }
}

function publish(subject: string, orderId: string): void {
  const told = headers()
  told.set('ce-subject', orderId)
  nats.connection.publish(subject, '{}', { headers: told })
}

for (const status of ['confirmed', 'rejected', 'canceled']) {
  t.test(`a waiter hears of order.${status} at once`, async (t) => {
    const feed = decisionFeed(nats, log, neverMs)
    const { order, read, settle, firstRead } = settling(t)
    const settled = feed.settled(order, neverMs, read)
    await firstRead
    settle(status)
    publish(`order.${status}`, order.id)
    t.equal((await settled).status, status)
  })
}

t.test('each waiter hears of its own order, and two of one', async (t) => {
  const feed = decisionFeed(nats, log, neverMs)
  const one = settling(t)
  const other = settling(t)
  const waiting = [
    feed.settled(one.order, neverMs, one.read),
    feed.settled(one.order, neverMs, one.read),
    feed.settled(other.order, neverMs, other.read),
  ]
  await Promise.all([one.firstRead, other.firstRead])
  one.settle('confirmed')
  publish('order.confirmed', one.order.id)
  t.equal((await waiting[0])?.status, 'confirmed')
  t.equal((await waiting[1])?.status, 'confirmed')
  other.settle('rejected')
  publish('order.rejected', other.order.id)
  t.equal((await waiting[2])?.status, 'rejected')
})

t.test('nobody listens when nobody waits', async (t) => {
  const feed = decisionFeed(nats, log)
  const { order, read, settle } = settling(t)
  const before = nats.connection.stats().inMsgs
  settle('confirmed')
  await feed.settled(order, 1_000, read)
  publish('order.confirmed', order.id)
  await nats.connection.flush()
  t.equal(nats.connection.stats().inMsgs, before)
})

t.test('what is decided before the first read is answered at once', async (t) => {
  const feed = decisionFeed(nats, log)
  const { order, read, reads } = settling(t)
  const confirmed = { ...order, status: 'confirmed' }
  t.strictSame(await feed.settled(confirmed, 10_000, read), confirmed)
  t.equal(reads(), 0)
})

t.test('a decision that is not heard of is read', async (t) => {
  const feed = decisionFeed(undefined, log)
  const { order, read, settle, firstRead } = settling(t)
  const settled = feed.settled(order, 10_000, read)
  await firstRead
  settle('confirmed')
  t.equal((await settled).status, 'confirmed')
})

t.test('an order service that is away meanwhile costs nothing but time', async (t) => {
  const feed = decisionFeed(undefined, log)
  let reads = 0
  const read = async () => {
    if (++reads < 3) throw new Error('away')
    return { ...pending, status: 'confirmed' }
  }
  t.equal((await feed.settled(pending, 10_000, read)).status, 'confirmed')
})

t.test('the wait ends when its time is over', async (t) => {
  const { order, read } = settling(t)
  t.equal((await decisionFeed(nats, log).settled(order, 60, read)).status, 'pending')
})
