import { type Test } from 'tap'
import { streams } from '../../platform/streams.ts'
import type { Broker } from '../application/broker.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import { storedEvent, story } from './fixtures.ts'

/** The behaviour of every implementation of the broker. `open` returns one without streams. */
export function brokerContract(t: Test, open: (t: Test) => Promise<Broker>): void {
  t.test('makes the streams that are missing, once', async (t) => {
    const broker = await open(t)
    const first = await broker.ensureStreams()
    t.same([...first.keys()].sort(), streams.map(({ name }) => name).sort())
    t.same(await broker.ensureStreams(), first)
  })

  t.test('answers each event with its place in the stream, in the order of the events', async (t) => {
    const broker = await open(t)
    await broker.ensureStreams()
    const events = [
      storedEvent(),
      storedEvent({ subject: 'stock.reserved', type: 'tillstream.stock.reserved.v1' }),
      storedEvent(),
    ]
    t.same(await broker.publish(events), [
      { kind: 'stored', streamSeq: 1 },
      { kind: 'stored', streamSeq: 1 },
      { kind: 'stored', streamSeq: 2 },
    ])
    t.match((await broker.ensureStreams()).get('ORDERS'), { lastSeq: 2n })
    t.same(await broker.publish([]), [])
  })

  t.test('takes more events than it has outstanding at once', async (t) => {
    const broker = await open(t)
    await broker.ensureStreams()
    const answers = await broker.publish(Array.from({ length: 700 }, () => storedEvent()))
    t.same(
      answers,
      Array.from({ length: 700 }, (_, index) => ({ kind: 'stored', streamSeq: index + 1 })),
    )
  })

  t.test('stores a message id once, and another generation again', async (t) => {
    const broker = await open(t)
    await broker.ensureStreams()
    const event = storedEvent()
    t.same(await broker.publish([event]), [{ kind: 'stored', streamSeq: 1 }])
    t.same(await broker.publish([event]), [{ kind: 'stored', streamSeq: 1 }])
    t.same(await broker.publish([{ ...event, generation: 1 }]), [{ kind: 'stored', streamSeq: 2 }])
  })

  t.test('says which message is stored at a place', async (t) => {
    const broker = await open(t)
    await broker.ensureStreams()
    const event = storedEvent()
    await broker.publish([event, { ...event, generation: 2 }])
    t.equal(await broker.messageIdAt('ORDERS', 1n), event.id)
    t.equal(await broker.messageIdAt('ORDERS', 2n), `${event.id}:g2`)
    t.equal(await broker.messageIdAt('ORDERS', 3n), undefined)
  })

  t.test('reads a stream through, a stretch at a time', async (t) => {
    const broker = await open(t)
    await broker.ensureStreams()
    await broker.publish(story(7))
    t.same(await broker.readThrough('ORDERS', 1n, 3), { hole: undefined, next: 4n, last: 7n })
    t.same(await broker.readThrough('ORDERS', 4n, 100), { hole: undefined, next: 8n, last: 7n })
    t.same(await broker.readThrough('ORDERS', 8n, 100), { hole: undefined, next: 8n, last: 7n })
    t.same(await broker.readThrough('STOCK', 1n, 100), { hole: undefined, next: 1n, last: 0n })
    t.equal(await broker.remakeDamaged('ORDERS', 4n), undefined, 'nothing is wrong with it')
  })

  t.test('makes a stream anew that ends before a place that it had, and no other', async (t) => {
    const broker = await open(t)
    const { created } = (await broker.ensureStreams()).get('ORDERS')!
    await broker.publish(story(3))
    t.equal(await broker.remakeCutBack('ORDERS', { created, lastSeq: 3n }), undefined, 'it has all of them')
    t.equal(await broker.remakeCutBack('ORDERS', { created: 'another', lastSeq: 4n }), undefined)
    const anew = await broker.remakeCutBack('ORDERS', { created, lastSeq: 4n })
    t.equal(anew?.lastSeq, 0n)
    t.not(anew?.created, created)
    t.same((await broker.ensureStreams()).get('ORDERS'), anew)
    t.equal(await broker.remakeCutBack('ORDERS', { created, lastSeq: 4n }), undefined, 'once')
  })

  t.test('refuses what no stream takes, and nothing else with it', async (t) => {
    const broker = await open(t)
    await broker.ensureStreams()
    const answers = await broker.publish([storedEvent({ subject: 'weather.changed' }), storedEvent()])
    t.match(answers, [{ kind: 'refused' }, { kind: 'stored' }])
  })

  t.test('a stream that is missing is no fault of the event', async (t) => {
    const broker = await open(t)
    await t.rejects(broker.readThrough('ORDERS', 1n, 100))
    t.match(await broker.publish([storedEvent()]), [{ kind: 'later' }])
  })
}

/**
 * For brokers that can lose a record: `damage` makes the records of these events unreadable, while the stream still
 * counts their sequence numbers.
 */
export function damageContract(
  t: Test,
  open: (t: Test) => Promise<{
    readonly broker: Broker
    readonly damage: (event: StoredEvent, seq: bigint) => Promise<void>
  }>,
): void {
  t.test('finds a record that can no longer be read, and makes its stream anew', async (t) => {
    const { broker, damage } = await open(t)
    const before = (await broker.ensureStreams()).get('ORDERS')
    const events = story(7)
    await broker.publish(events)
    await damage(events[3]!, 4n)
    t.match((await broker.ensureStreams()).get('ORDERS'), { lastSeq: 7n }, 'the number does not tell')
    t.match(await broker.readThrough('ORDERS', 1n, 3), { hole: undefined, next: 4n })
    t.match(await broker.readThrough('ORDERS', 1n, 100), { hole: 4n, last: 7n })
    t.match(await broker.readThrough('ORDERS', 4n, 1), { hole: 4n, last: 7n })
    t.equal(await broker.messageIdAt('ORDERS', 4n), '')
    t.equal(await broker.remakeDamaged('ORDERS', 3n), undefined, 'that one can be read')

    const anew = await broker.remakeDamaged('ORDERS', 4n)
    t.equal(anew?.lastSeq, 0n)
    t.not(anew?.created, before?.created)
    t.equal(await broker.remakeDamaged('ORDERS', 4n), undefined, 'another has done so already')
    t.same(await broker.publish([{ ...events[3]!, generation: 1 }]), [{ kind: 'stored', streamSeq: 1 }])
    t.match(await broker.readThrough('ORDERS', 1n, 100), { hole: undefined, next: 2n })
  })
}
