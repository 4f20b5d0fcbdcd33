import t from 'tap'
import { outboxLanes } from '../../platform/outbox.ts'
import { streams } from '../../platform/streams.ts'
import { maxAttempts } from '../domain/publication.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import { storedEvent, story } from '../testing/fixtures.ts'
import { inMemoryBroker } from '../testing/in-memory-broker.ts'
import { inMemoryMailbox } from '../testing/in-memory-mailbox.ts'
import { relayBatch, relayOutbox } from './relay-outbox.ts'
import { watchBroker } from './watch-broker.ts'

const lanes = [...Array(outboxLanes).keys()]

async function producer() {
  const clock = { now: Date.now() }
  const now = (): Date => new Date(clock.now)
  const mailbox = inMemoryMailbox(now)
  const broker = inMemoryBroker()
  const relay = relayOutbox({ mailbox, broker, now })
  const watch = watchBroker({ mailbox, broker })
  await watch()
  return { clock, mailbox, broker, watch, relay: (except?: readonly string[]) => relay(lanes, except) }
}

const idsOf = (events: readonly StoredEvent[]): readonly string[] => events.map(({ id }) => id)

t.test('what lies in the outbox is published, once', async (t) => {
  const { mailbox, broker, relay } = await producer()
  const events = [...story(3), storedEvent()]
  await mailbox.put(events)
  t.same(await relay(), { found: 4, published: 4, backPressure: undefined, stuck: [] })
  t.same(await relay(), { found: 0, published: 0, backPressure: undefined, stuck: [] })
  t.same([...idsOf(broker.stored())].sort(), [...idsOf(events)].sort())
})

t.test('at most a batch is taken at a time', async (t) => {
  const { mailbox, relay } = await producer()
  await mailbox.put(Array.from({ length: relayBatch + 1 }, () => storedEvent()))
  t.match(await relay(), { published: relayBatch })
  t.match(await relay(), { published: 1 })
})

t.test('nothing of an aggregate overtakes its refused event, and everything else goes on', async (t) => {
  const { mailbox, broker, relay, clock } = await producer()
  const held = story(3)
  const free = story(2)
  await mailbox.put([...held, ...free])
  broker.answerWith(({ id }) => (id === held[1]!.id ? { kind: 'refused', reason: 'no' } : undefined))
  t.same(await relay(), { found: 5, published: 3, backPressure: undefined, stuck: [] })
  t.same(idsOf(broker.stored()), [held[0]!.id, free[0]!.id, free[1]!.id])
  t.match(await relay(), { found: 0 }, 'not before its time')
  broker.answerWith(() => undefined)
  clock.now += 60_000
  await relay()
  t.same(idsOf(broker.stored()).slice(3), [held[1]!.id, held[2]!.id])
})

t.test('back-pressure loses nothing, keeps the order and counts no attempt', async (t) => {
  const { mailbox, broker, relay } = await producer()
  const events = story(3)
  await mailbox.put(events)
  broker.answerWith(() => ({ kind: 'later', reason: 'maximum bytes exceeded' }))
  for (let round = 0; round < 30; round++)
    t.match(await relay(), { published: 0, backPressure: 'maximum bytes exceeded' })
  t.same(await mailbox.depth().then(({ unpublished, parked }) => [unpublished, parked]), [3, 0])
  broker.answerWith(() => undefined)
  t.match(await relay(), { published: 3 })
  t.same(idsOf(broker.stored()), idsOf(events))
})

t.test('a full stream is told of, is not tried further, and can be passed by', async (t) => {
  const { mailbox, broker, relay } = await producer()
  const orders = Array.from({ length: 2 * relayBatch }, () => storedEvent())
  const long = story(3)
  const stock = story(3, { subject: 'stock.reserved', aggregate: 'reservation r-1' })
  await mailbox.put([...long, ...orders, ...stock])
  const tried: string[] = []
  broker.answerWith((event) => {
    if (event.subject !== 'order.created') return undefined
    tried.push(event.id)
    return { kind: 'later', reason: 'maximum bytes exceeded' }
  })
  t.match(await relay(), { found: relayBatch, published: 0, stuck: ['order'] })
  t.ok(!tried.includes(long[1]!.id))
  t.match(await relay(['order']), { found: 3, published: 3, stuck: [] })
  t.same(idsOf(broker.stored()), idsOf(stock))
})

t.test('an event that is refused twenty times is parked, and blocks its aggregate only', async (t) => {
  const { mailbox, broker, relay, clock } = await producer()
  const events = story(2)
  await mailbox.put(events)
  broker.answerWith(({ id }) => (id === events[0]!.id ? { kind: 'refused', reason: 'too large' } : undefined))
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    t.match(await relay(), { published: 0 })
    clock.now += 60_000
  }
  t.match(await mailbox.depth(), { unpublished: 2, parked: 1 })
  broker.answerWith(() => undefined)
  await mailbox.put([storedEvent()])
  t.match(await relay(), { found: 1, published: 1 })
})

t.test('a crash between publishing and marking publishes again, and the stream holds it once', async (t) => {
  const { mailbox, broker, relay } = await producer()
  const event = storedEvent()
  await mailbox.put([event])
  const crashing = { ...mailbox, mark: () => Promise.reject(new Error('killed')) }
  await t.rejects(relayOutbox({ mailbox: crashing, broker, now: () => new Date() })(lanes))
  t.match(await relay(), { found: 1, published: 1 })
  t.same(idsOf(broker.stored()), [event.id])
})

t.test('a broker that answers too little is a broker that may not have stored it', async (t) => {
  const { mailbox, broker } = await producer()
  await mailbox.put([storedEvent()])
  const mute = { ...broker, publish: async () => [] }
  const relayed = await relayOutbox({ mailbox, broker: mute, now: () => new Date() })(lanes)
  t.match(relayed, { published: 0, backPressure: 'no answer' })
})

t.test('what a stream has lost is published again under a new generation', async (t) => {
  const { mailbox, broker, relay, watch } = await producer()
  const events = [...story(2), storedEvent({ subject: 'stock.reserved' })]
  await mailbox.put(events)
  await relay()
  t.same(await watch(), [], 'nothing was lost')
  broker.wipe()
  t.same([...(await watch())].sort(), streams.map(({ name }) => name).sort())
  t.match(await relay(), { published: 3 })
  t.same([...idsOf(broker.stored())].sort(), [...idsOf(events)].sort())
  t.ok(broker.stored().every(({ generation }) => generation === 1))
  t.same(await watch(), [])
})

t.test('what another producer acknowledges while the broker is asked looks like no loss', async (t) => {
  const { mailbox, broker, relay } = await producer()
  await mailbox.put([storedEvent()])
  const meanwhile = {
    ...broker,
    async ensureStreams() {
      const before = await broker.ensureStreams()
      await relay()
      return before
    },
  }
  t.same(await watchBroker({ mailbox, broker: meanwhile })(), [])
})

t.test('of two producers that notice a loss one opens the epoch', async (t) => {
  const { mailbox, broker, relay, watch } = await producer()
  await mailbox.put([storedEvent()])
  await relay()
  broker.wipe()
  const lost = await Promise.all([watch(), watch()])
  t.equal(lost.flat().filter((name) => name === 'ORDERS').length, 1)
})

t.test(
  'a stream with a hole where something was acknowledged is made anew, and only then published to again',
  async (t) => {
    const { mailbox, broker, relay } = await producer()
    await mailbox.put([storedEvent()])
    await relay()
    const anew = { created: 'made anew', lastSeq: 0n }
    const damaged = { ...broker, messageIdAt: async () => '', remakeDamaged: async () => anew }
    t.same(await watchBroker({ mailbox, broker: damaged })(), ['ORDERS'])
    t.match((await mailbox.seenStreams()).get('ORDERS'), anew)
  },
)

t.test('a foreign message in our place is a loss, and the stream stays', async (t) => {
  const { mailbox, broker, relay } = await producer()
  await mailbox.put([storedEvent()])
  await relay()
  const before = (await broker.ensureStreams()).get('ORDERS')
  const foreign = { ...broker, messageIdAt: async () => '' }
  t.same(await watchBroker({ mailbox, broker: foreign })(), ['ORDERS'])
  t.match((await mailbox.seenStreams()).get('ORDERS'), before)
})

t.test('a stream that was cut back is made anew before anything is published to it', async (t) => {
  const { mailbox, broker, relay, watch } = await producer()
  const events = [storedEvent(), storedEvent(), storedEvent()]
  await mailbox.put(events)
  await relay()
  const before = (await broker.ensureStreams()).get('ORDERS')
  broker.cutBack('ORDERS', 2n)
  t.same(await watch(), ['ORDERS'])
  const seen = (await mailbox.seenStreams()).get('ORDERS')
  t.equal(seen?.lastSeq, 0n)
  t.not(seen?.created, before?.created)
  await relay()
  t.match((await broker.ensureStreams()).get('ORDERS'), { created: seen?.created, lastSeq: 3n })
})
