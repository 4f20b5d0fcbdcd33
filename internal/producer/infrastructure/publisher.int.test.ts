import { jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import t, { type Test } from 'tap'
import type { Nats } from '../../platform/nats.ts'
import { ensureStream } from '../../platform/streams.ts'
import { testNats } from '../../platform/testing/nats-server.ts'
import { testConnection, testScope } from '../../platform/testing/scope.ts'
import { storedEvent } from '../testing/fixtures.ts'
import { openPublisher } from './publisher.ts'

const limits = { replicas: 1, maxBytes: 104_857_600, maxAgeDays: 14 }

/** A broker that drops the orders' publications while the test says so, as a stream without a leader does. */
async function open(t: Test) {
  const server = await testNats(t)
  const nats = await testConnection(t, server.url)
  const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
  for (const name of ['ORDERS', 'STOCK'] as const) await ensureStream(jsm, name, limits)
  const state = { isLeaderless: false, mayPublish: true }
  const connection = new Proxy(nats.connection, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name)
      if (name !== 'publish') return typeof found === 'function' ? (found.bind(target) as unknown) : found
      return (...args: Parameters<NatsConnection['publish']>) => {
        if (!state.isLeaderless || !args[0].startsWith('order.')) target.publish(...args)
      }
    },
  })
  const own: Nats = { ...nats, connection }
  const publish = openPublisher(testScope(t), own, () => state.mayPublish)
  return { state, jsm, publish }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

t.test('a stream that has a leader again is noticed at once, not after the timeout', async (t) => {
  const { state, jsm, publish } = await open(t)
  const orders = Array.from({ length: 5 }, () => storedEvent())
  const stock = storedEvent({ subject: 'stock.reserved' })
  state.isLeaderless = true
  const startedAt = performance.now()
  const answered = publish([...orders, stock])
  await sleep(900)
  state.isLeaderless = false
  const answers = await answered
  t.ok(performance.now() - startedAt < 2_500)
  t.match(answers[0], { kind: 'stored', streamSeq: 1 })
  t.ok(
    answers.slice(1, 5).every(({ kind }) => kind === 'later'),
    'the others go out again',
  )
  t.match(answers[5], { kind: 'stored', streamSeq: 1 })
  t.same(
    (await publish(orders)).map((answer) => answer.kind === 'stored' && answer.streamSeq),
    [1, 2, 3, 4, 5],
    'each once',
  )
  t.equal((await jsm.streams.info('ORDERS')).state.messages, 5)
})

t.test('nothing is sent again to a server that has started since', async (t) => {
  const { state, jsm, publish } = await open(t)
  state.isLeaderless = true
  const startedAt = performance.now()
  const answered = publish([storedEvent(), storedEvent()])
  state.mayPublish = false
  state.isLeaderless = false
  t.match(await answered, [{ kind: 'later' }, { kind: 'later' }])
  t.ok(performance.now() - startedAt < 2_500)
  t.equal((await jsm.streams.info('ORDERS')).state.messages, 0)
})
