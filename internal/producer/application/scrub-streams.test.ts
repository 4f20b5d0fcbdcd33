import t from 'tap'
import { outboxLanes } from '../../platform/outbox.ts'
import { storedEvent } from '../testing/fixtures.ts'
import { inMemoryBroker } from '../testing/in-memory-broker.ts'
import { inMemoryMailbox } from '../testing/in-memory-mailbox.ts'
import { relayOutbox } from './relay-outbox.ts'
import { scrubStreams, stretchLength } from './scrub-streams.ts'
import { watchBroker } from './watch-broker.ts'

const lanes = [...Array(outboxLanes).keys()]
const onwards = async (): Promise<boolean> => true

/** A producer that has published `count` events. */
async function producer(count: number) {
  const mailbox = inMemoryMailbox()
  const broker = inMemoryBroker()
  const relayAll = relayOutbox({ mailbox, broker, now: () => new Date() })
  const relay = async (): Promise<void> => {
    while ((await relayAll(lanes)).found > 0);
  }
  const watch = watchBroker({ mailbox, broker })
  await watch()
  const publish = async (more: number): Promise<void> => {
    await mailbox.put(Array.from({ length: more }, () => storedEvent()))
    await relay()
  }
  await publish(count)
  return { mailbox, broker, relay, watch, publish, scrub: scrubStreams({ mailboxes: [mailbox], broker }) }
}

const countIn = (broker: {
  readonly ensureStreams: () => Promise<ReadonlyMap<string, { lastSeq: bigint }>>
}) => broker.ensureStreams().then((streams) => streams.get('ORDERS')?.lastSeq)

t.test('a sound stream stays as it is', async (t) => {
  const { broker, scrub } = await producer(3 * stretchLength)
  const before = await broker.ensureStreams()
  t.same(await scrub(onwards), [])
  t.same(await broker.ensureStreams(), before)
})

t.test('one with a hole is made anew, and everything is published again', async (t) => {
  const { broker, relay, watch, scrub } = await producer(3 * stretchLength)
  broker.damage('ORDERS', BigInt(2 * stretchLength + 7))
  t.same(await scrub(onwards), ['ORDERS'])
  await relay()
  t.equal(await countIn(broker), BigInt(3 * stretchLength))
  t.same(await watch(), [], 'nothing more is lost')
  t.same(await scrub(onwards), [])
})

t.test('of two producers that find the same hole one makes the stream anew', async (t) => {
  const { broker, mailbox, relay, scrub } = await producer(10)
  broker.damage('ORDERS', 5n)
  const healed = await Promise.all([scrub(onwards), scrub(onwards)])
  t.same(healed.flat(), ['ORDERS'])
  await relay()
  t.match((await mailbox.seenStreams()).get('ORDERS'), { epoch: 2, lastSeq: 10n })
})

t.test('dying between the new stream and the new epoch leaves both to the watch', async (t) => {
  const { broker, mailbox, relay, watch } = await producer(10)
  broker.damage('ORDERS', 5n)
  const dying = { ...mailbox, openEpoch: () => Promise.reject(new Error('killed')) }
  const faults: unknown[] = []
  const scrub = scrubStreams({ mailboxes: [dying], broker, onFault: (err) => faults.push(err) })
  t.same(await scrub(onwards), ['ORDERS'])
  t.match(faults, [{ message: 'killed' }])
  t.same(await watch(), ['ORDERS'])
  await relay()
  t.equal(await countIn(broker), 10n)
})

t.test('it reads no further than it is let, nor than the stream went when it began', async (t) => {
  const { mailbox, broker, publish } = await producer(2 * stretchLength)
  let stretches = 0
  const counted = scrubStreams({
    mailboxes: [mailbox],
    broker: {
      ...broker,
      readThrough: (name, from, limit) => {
        if (name === 'ORDERS') stretches++
        return broker.readThrough(name, from, limit)
      },
    },
  })
  await counted(async () => false)
  t.equal(stretches, 1)
  await counted(async () => {
    await publish(stretchLength)
    return true
  })
  t.equal(stretches, 3, 'though there is as much again')
})

t.test('a stream that is made anew while it is read is begun again the next time', async (t) => {
  const { broker, scrub } = await producer(3 * stretchLength)
  const wiping = async (): Promise<boolean> => {
    broker.wipe()
    await broker.ensureStreams()
    return true
  }
  t.same(await scrub(wiping), [])
})

t.test(
  'a stream that is made anew is filled again from every database, later from one that is away',
  async (t) => {
    const { broker, mailbox, relay } = await producer(10)
    const others = [inMemoryMailbox(), inMemoryMailbox()].map((other) => ({
      mailbox: other,
      watch: watchBroker({ mailbox: other, broker }),
      relay: relayOutbox({ mailbox: other, broker, now: () => new Date() }),
    }))
    for (const other of others) {
      await other.watch()
      await other.mailbox.put([storedEvent(), storedEvent()])
      await other.relay(lanes)
    }
    const [second, third] = others
    t.equal(await countIn(broker), 14n)
    broker.damage('ORDERS', 12n)
    const away = {
      ...third!.mailbox,
      seenStreams: () => Promise.reject(new Error('away')),
    }
    const scrub = scrubStreams({ mailboxes: [mailbox, second!.mailbox, away], broker })
    t.same(await scrub(onwards), ['ORDERS'])
    await relay()
    await second!.relay(lanes)
    t.equal(await countIn(broker), 12n)
    t.same(await third!.watch(), ['ORDERS'], 'it notices when it is back')
    await third!.relay(lanes)
    t.equal(await countIn(broker), 14n)
    t.same(await second!.watch(), [], 'nobody else has lost anything')
  },
)

t.test('a reading fails when no database answers', async (t) => {
  const { broker, mailbox } = await producer(1)
  const away = { ...mailbox, seenStreams: () => Promise.reject(new Error('away')) }
  await t.rejects(scrubStreams({ mailboxes: [away, away], broker })(onwards), { cause: { message: 'away' } })
})
