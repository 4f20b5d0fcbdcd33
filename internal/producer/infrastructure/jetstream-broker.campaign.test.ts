import { jetstreamManager } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import t, { type Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { stepped } from '../../platform/testing/stepped-clock.ts'
import { testNats } from '../../platform/testing/nats-server.ts'
import { testConnection, testScope } from '../../platform/testing/scope.ts'
import { brokerContract, damageContract } from '../testing/broker-contract.ts'
import { damageRecord } from '../testing/damage-record.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import { now, storedEvent, story } from '../testing/fixtures.ts'
import { jetStreamBroker } from './jetstream-broker.ts'
import { watchedServer } from './watched-server.ts'

const limits = { replicas: 1, maxBytes: 10_485_760, maxAgeDays: 14 }

async function openBroker(t: Test, changes: Partial<typeof limits> = {}) {
  const server = await testNats(t)
  const nats = await testConnection(t, server.url)
  const broker = jetStreamBroker(testScope(t), nats, { ...limits, ...changes })
  return { server, nats, broker, jsm: await jetstreamManager(nats.connection, { checkAPI: false }) }
}

brokerContract(t, async (t) => (await openBroker(t)).broker)

damageContract(t, async (t) => {
  const opened = await openBroker(t)
  return { broker: opened.broker, damage: (event) => damageOnDisk(opened, event) }
})

t.test(
  'a server that goes or falls silent while a stream is read ends the reading, also when the clock is set back',
  async (t) => {
    const clock = stepped(t)
    const many = 20_000
    const endsBy = async (signal: 'SIGKILL' | 'SIGSTOP'): Promise<void> => {
      const { broker, server, nats } = await openBroker(t, { maxBytes: 52_428_800 })
      await broker.ensureStreams()
      await broker.publish(story(many))
      const reading = async (): Promise<never> => {
        for (;;) await broker.readThrough('ORDERS', 1n, many)
      }
      // It has a connection of its own, because on the other one an answer would wait behind all that is being read.
      const onlooker = await testConnection(t, server.url)
      const jsm = await jetstreamManager(onlooker.connection, { checkAPI: false })
      const ended = reading().catch((err: unknown) => err)
      await eventually('some of it is read', async () => {
        const consumers = await jsm.consumers.list('ORDERS').next()
        return consumers.some(
          ({ delivered, num_pending }) => delivered.stream_seq > 0 && num_pending > many / 2,
        )
      })
      clock.offsetMs -= 600_000
      process.kill(server.pid()!, signal)
      t.ok((await ended) instanceof Error, signal)
      if (signal === 'SIGSTOP') process.kill(server.pid()!, 'SIGCONT')
      else await server.start()
      await eventually('the connection is back', () => nats.isConnected())
      t.equal((await broker.readThrough('ORDERS', 1n, many)).hole, undefined)
    }
    await Promise.all([endsBy('SIGKILL'), endsBy('SIGSTOP')])
  },
)

t.test('what has expired, also while it is read, is no hole', async (t) => {
  const { broker, jsm } = await openBroker(t)
  await broker.ensureStreams()
  const oneSecond = { max_age: nanos(1_000), duplicate_window: nanos(1_000) }
  await jsm.streams.update('ORDERS', oneSecond)
  await broker.publish(story(2_000))
  let stretches = 0
  await eventually('all has expired under our eyes', async () => {
    for (let from = 1n, isOver = false; !isOver; stretches++) {
      const { hole, next, last } = await broker.readThrough('ORDERS', from, 50)
      t.equal(hole, undefined)
      isOver = next > last
      from = next
    }
    const { state } = await jsm.streams.info('ORDERS')
    return state.messages === 0
  })
  t.ok(stretches > 10)
  t.equal(await broker.remakeDamaged('ORDERS', 1n), undefined)
})

t.test('a message carries exactly the headers of its envelope', async (t) => {
  const { broker, jsm } = await openBroker(t)
  await broker.ensureStreams()
  const event = storedEvent({
    aggregateVersion: 3,
    occurredAt: now,
    causationId: 'cause-1',
    traceparent: '00-aa-bb-01',
  })
  await broker.publish([event, { ...event, id: newId(), generation: 2, traceparent: '' }])
  const headersAt = async (seq: number): Promise<Record<string, string>> => {
    const { header } = (await jsm.streams.getMessage('ORDERS', { seq }))!
    return Object.fromEntries([...header.keys()].map((name) => [name, header.get(name)]))
  }
  const envelope = {
    'ce-specversion': '1.0',
    'ce-id': event.id,
    'ce-source': '/tillstream/order',
    'ce-type': 'tillstream.order.created.v1',
    'ce-subject': event.aggregateId,
    'ce-time': '2026-01-02T03:04:05.678Z',
    'ce-datacontenttype': 'application/json',
    'ce-partitionkey': event.aggregateId,
    'ce-aggregateversion': '3',
    'ce-correlationid': 'c-1',
    'ce-causationid': 'cause-1',
    traceparent: '00-aa-bb-01',
    'Nats-Msg-Id': event.id,
    'Nats-Expected-Stream': 'ORDERS',
  }
  t.strictSame(await headersAt(1), envelope)
  const { 'ce-id': id, 'Nats-Msg-Id': messageId, 'x-replay': isReplay, ...rest } = await headersAt(2)
  t.equal(messageId, `${id ?? ''}:g2`)
  t.equal(isReplay, '1')
  t.match(rest, { 'ce-type': 'tillstream.order.created.v1', traceparent: '' })
  t.equal((await jsm.streams.getMessage('ORDERS', { seq: 1 }))?.string(), event.data)
})

t.test(
  'a server that has started again is given nothing before somebody has looked at its streams',
  async (t) => {
    const { server, nats, broker: looking } = await openBroker(t)
    const watched = watchedServer(nats)
    const broker = jetStreamBroker(testScope(t), nats, limits, watched.isCurrent)
    t.match(await broker.publish([storedEvent()]), [{ kind: 'later' }])
    await watched.look(looking.ensureStreams)
    t.match(await broker.publish([storedEvent()]), [{ kind: 'stored', streamSeq: 1 }])
    await server.stop()
    await eventually('it is noticed', () => !nats.isConnected())
    await server.start()
    await eventually('it is back', () => nats.isConnected())
    t.match(await broker.publish([storedEvent()]), [{ kind: 'later', reason: /looked at first/ }])
    await watched.look(looking.ensureStreams)
    t.match(await broker.publish([storedEvent()]), [{ kind: 'stored', streamSeq: 2 }])
  },
)

t.test('what is too large is refused, by the stream or by the client, and nothing else', async (t) => {
  const { broker } = await openBroker(t)
  await broker.ensureStreams()
  const sized = (bytes: number) => storedEvent({ data: JSON.stringify('x'.repeat(bytes)) })
  t.match(await broker.publish([sized(1_010_000), sized(1_100_000), storedEvent()]), [
    { kind: 'refused', reason: /size/ },
    { kind: 'refused', reason: /max_payload/ },
    { kind: 'stored', streamSeq: 1 },
  ])
})

t.test('what no header can carry is refused', async (t) => {
  const { broker } = await openBroker(t)
  await broker.ensureStreams()
  const evil = storedEvent({ correlationId: 'c-1\r\nNats-Rollup: all' })
  t.match(await broker.publish([evil, storedEvent()]), [
    { kind: 'refused' },
    { kind: 'stored', streamSeq: 1 },
  ])
})

t.test('a full stream is back-pressure', async (t) => {
  const { broker } = await openBroker(t, { maxBytes: 4_000 })
  await broker.ensureStreams()
  const answers = await broker.publish(story(6, { data: JSON.stringify('x'.repeat(1_000)) }))
  t.ok(answers.some(({ kind }) => kind === 'stored'))
  t.match(answers.at(-1), { kind: 'later', reason: /maximum bytes exceeded/ })
  t.notOk(answers.some(({ kind }) => kind === 'refused'))
})

t.test('without a server everything is for later, at once', async (t) => {
  const { broker, server, nats } = await openBroker(t)
  await broker.ensureStreams()
  await server.kill()
  await eventually('it is noticed', () => !nats.isConnected())
  const started = performance.now()
  t.match(await broker.publish([storedEvent(), storedEvent()]), [{ kind: 'later' }, { kind: 'later' }])
  t.ok(performance.now() - started < 500)
})

t.test('a server that goes while it is published to leaves no event without an answer', async (t) => {
  const { broker, server } = await openBroker(t)
  await broker.ensureStreams()
  const events = Array.from({ length: 2_000 }, () => storedEvent())
  const publishing = broker.publish(events)
  await server.kill()
  const answers = await publishing
  t.equal(answers.length, events.length)
  t.ok(answers.every(({ kind }) => kind !== 'refused'))
  await server.start()
  const again = await eventually('all are stored', async () => {
    const retried = await broker.publish(events)
    return retried.every(({ kind }) => kind === 'stored') && retried
  })
  const places = again.map((answer) => (answer.kind === 'stored' ? answer.streamSeq : 0))
  t.equal(new Set(places).size, events.length, 'each of them once')
  t.match((await broker.ensureStreams()).get('ORDERS'), { lastSeq: BigInt(events.length) })
})

t.test('a record that was damaged on the disk is a hole, and no message that has expired', async (t) => {
  const opened = await openBroker(t)
  const { broker } = opened
  await broker.ensureStreams()
  const events = [storedEvent(), storedEvent()]
  await broker.publish(events)
  await damageOnDisk(opened, events[1]!)
  t.equal(await broker.messageIdAt('ORDERS', 1n), events[0]?.id)
  t.equal(await broker.messageIdAt('ORDERS', 2n), '')
  t.match((await broker.ensureStreams()).get('ORDERS'), { lastSeq: 2n }, 'the number alone does not tell')
})

t.test('a stream with a hole is made anew, one without is not', async (t) => {
  const opened = await openBroker(t)
  const { broker } = opened
  const before = (await broker.ensureStreams()).get('ORDERS')
  const event = storedEvent()
  await broker.publish([event])
  t.equal(await broker.remakeDamaged('ORDERS', 1n), undefined)
  await damageOnDisk(opened, event)
  const after = await broker.remakeDamaged('ORDERS', 1n)
  t.equal(after?.lastSeq, 0n)
  t.not(after?.created, before?.created)
  t.same(await broker.publish([{ ...event, generation: 1 }]), [{ kind: 'stored', streamSeq: 1 }])
  t.equal(await broker.messageIdAt('ORDERS', 1n), `${event.id}:g1`, 'and can be read')
})

async function damageOnDisk(
  { server, nats }: Awaited<ReturnType<typeof openBroker>>,
  { id }: StoredEvent,
): Promise<void> {
  await server.stop()
  await damageRecord(server.storeDir, 'ORDERS', id)
  await server.start()
  await eventually('the connection is back', () => nats.isConnected())
}
