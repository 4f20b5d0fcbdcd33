import { pino } from 'pino'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { ensureStream } from '../../platform/streams.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { allHandled, consuming, gate, handled, idOf, limits } from '../testing/consuming.ts'
import { jetStreamSource } from './message-source.ts'
import { incarnationOf, type SubscriptionRun } from './run-subscription.ts'

// The consume loop when the server or its store goes, and comes back.

t.test(
  'a store wiped while messages are unacknowledged gets a new durable, and no stale ack hits it',
  async (t) => {
    const { server, publish, start, settled, consumers, nats, jsm } = await consuming(t)
    const held = gate()
    const done: string[] = []
    const { buried, state } = await start(async (messages) => {
      if (messages.some((message) => idOf(message) === 'old')) await held.pass()
      done.push(...messages.map(idOf))
      return messages.map(() => handled)
    })
    await publish('old')
    await held.reached()
    const [before] = await consumers()
    await server.kill()
    await server.wipe()
    await server.start()
    await eventually('back', () => nats.isConnected())
    await ensureStream(jsm, 'ORDERS', limits) // as the producer does
    await eventually('the stream is made anew', async () => {
      held.open() // its late acknowledgement names a durable that is gone
      return publish('new').then(
        () => true,
        () => false,
      )
    })
    await eventually('the new message is handled', () => done.includes('new'))
    await settled()
    const [after] = await consumers()
    t.not(after?.name, before?.name)
    t.match(after?.name, /^settle-created-[0-9a-f]{8}$/)
    t.equal((await consumers()).length, 1)
    t.same(buried, [])
    t.ok(state.isRunning)
  },
)

t.test('a consumer that somebody deleted is made anew', async (t) => {
  const { publish, start, settled, consumers, jsm } = await consuming(t)
  const done: string[] = []
  await start(async (messages) => {
    done.push(...messages.map(idOf))
    return messages.map(() => handled)
  })
  await publish('e-1')
  await settled()
  await jsm.consumers.delete('ORDERS', (await consumers())[0]!.name)
  await publish('e-2')
  await eventually('it goes on', () => done.includes('e-2'))
  await settled()
})

t.test(
  'a stream that somebody deleted gets its durable again, once the producer has made it anew',
  async (t) => {
    const { publish, start, settled, jsm } = await consuming(t)
    const done: string[] = []
    await start(async (messages) => {
      done.push(...messages.map(idOf))
      return messages.map(() => handled)
    })
    await publish('e-1')
    await settled()
    await jsm.streams.delete('ORDERS')
    await ensureStream(jsm, 'ORDERS', limits)
    await eventually('it is there again', () =>
      publish('e-2').then(
        () => true,
        () => false,
      ),
    )
    await eventually('it goes on', () => done.includes('e-2'))
    await settled()
  },
)

t.test('a stream that is recreated while its durable is made gets one that is named after it', async (t) => {
  const { nats, jsm, publish, start, consumers } = await consuming(t)
  const source = jetStreamSource(nats)
  let isRecreated = false
  const ensureDurable: SubscriptionRun['source']['ensureDurable'] = async (durable) => {
    if (!isRecreated) {
      isRecreated = true
      await jsm.streams.delete('ORDERS')
      await ensureStream(jsm, 'ORDERS', limits)
    }
    await source.ensureDurable(durable)
  }
  const { state } = await start(allHandled, { source: { ...source, ensureDurable } })
  await eventually('it runs', () => state.isRunning)
  await publish('e-1')
  const { created } = await jsm.streams.info('ORDERS')
  const used = async () => (await consumers()).filter(({ ack_floor }) => ack_floor.stream_seq === 1)
  await eventually('the message is acknowledged', async () => (await used()).length === 1)
  t.same(
    (await used()).map(({ name }) => name),
    [`settle-created-${incarnationOf(created)}`],
  )
})

t.test('a server that is away and comes back with its store is consumed from as before', async (t) => {
  const { server, publish, start, settled, nats } = await consuming(t)
  const done: string[] = []
  const { state } = await start(
    async (messages) => {
      done.push(...messages.map(idOf))
      return messages.map(() => handled)
    },
    { ackWaitMs: 1_000 }, // acknowledgements that the server had not stored yet
  )
  await publish('before')
  await server.kill()
  await eventually('it is noticed', () => !nats.isConnected())
  await server.start()
  await eventually('it is back', () => nats.isConnected())
  await publish('after')
  await eventually('it goes on', () => done.includes('before') && done.includes('after'))
  await settled()
  t.ok(state.isRunning)
})

t.test('a server that hangs is survived: missed heartbeats ask again', async (t) => {
  const { server, publish, start, settled } = await consuming(t)
  const done: string[] = []
  await start(async (messages) => {
    done.push(...messages.map(idOf))
    return messages.map(() => handled)
  })
  await publish('e-1')
  await settled()
  process.kill(server.pid()!, 'SIGSTOP')
  await sleep(3_500) // the fault lasts longer than two heartbeats
  process.kill(server.pid()!, 'SIGCONT')
  await publish('e-2')
  await eventually('it goes on', () => done.includes('e-2'))
  await settled()
})

t.test('a broker that has no such stream is asked twice a second, not in a spin', async (t) => {
  const { jsm, start } = await consuming(t)
  await jsm.streams.delete('ORDERS')
  let lines = 0
  const counting = pino(
    { level: 'warn' },
    {
      write: () => {
        lines++
      },
    },
  )
  const { state } = await start(allHandled, { log: counting })
  await eventually('it has tried thrice', () => lines >= 3)
  const started = performance.now()
  await eventually('and thrice more', () => lines >= 6)
  t.ok(performance.now() - started > 1_000)
  t.notOk(state.isRunning)
})

t.test('while there is no server it waits quietly, and stops at once', async (t) => {
  const { server, start, nats } = await consuming(t)
  let lines = 0
  const counting = pino(
    { level: 'warn' },
    {
      write: () => {
        lines++
      },
    },
  )
  await server.kill()
  await eventually('it is noticed', () => !nats.isConnected())
  await server.start()
  const { end, state, nats: own } = await start(allHandled, { log: counting })
  await eventually('it runs', () => state.isRunning)
  await server.kill()
  await eventually('it is noticed', () => !own.isConnected())
  const started = performance.now()
  await end()
  t.ok(performance.now() - started < 2_000)
  t.ok(lines < 5)
})
