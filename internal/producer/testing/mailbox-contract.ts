import { type Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { outboxLanes } from '../../platform/outbox.ts'
import type { Mailbox } from '../application/mailbox.ts'
import type { Mark } from '../domain/publication.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import { storedEvent, story } from './fixtures.ts'

export type OpenMailbox = {
  readonly mailbox: Mailbox
  /** Puts events into the outbox as a service does: in the order given and in one transaction. */
  readonly put: (events: readonly StoredEvent[]) => Promise<void>
}

const allLanes = [...Array(outboxLanes).keys()]
const born = { created: '2026-01-01T00:00:00.000000001Z', lastSeq: 0n }
const reborn = { created: '2026-01-02T00:00:00.000000001Z', lastSeq: 0n }

const published = (event: StoredEvent, streamSeq: number): Mark => ({ kind: 'published', event, streamSeq })
const idsOf = (events: readonly StoredEvent[]): readonly string[] => events.map(({ id }) => id)

/** The behaviour of every implementation of the mailbox. */
export function mailboxContract(t: Test, openMailbox: (t: Test) => Promise<OpenMailbox>): void {
  async function open(t: Test) {
    const opened = await openMailbox(t)
    for (const name of ['ORDERS', 'STOCK']) await opened.mailbox.rememberStream(name, born)
    return { ...opened, waiting: () => opened.mailbox.unpublished(allLanes, 1_000) }
  }

  t.test('hands out what was put in, to the letter and in order', async (t) => {
    const { put, waiting } = await open(t)
    const events = [storedEvent({ traceparent: '00-aa-bb-01', causationId: 'e-1' }), ...story(3)]
    await put(events)
    const found = await waiting()
    t.same(
      found.map(({ seq: _seq, data, ...event }) => ({ ...event, data: JSON.parse(data) as unknown })),
      events.map(({ seq: _seq, data, ...event }) => ({ ...event, data: JSON.parse(data) as unknown })),
    )
    t.ok(found.every(({ seq }, index) => index === 0 || seq > found[index - 1]!.seq))
  })

  t.test('hands out the lanes that are asked for, and no more than that', async (t) => {
    const { put, mailbox } = await open(t)
    await put(Array.from({ length: 40 }, () => storedEvent()))
    const byLane = await Promise.all(allLanes.map((lane) => mailbox.unpublished([lane], 1_000)))
    t.equal(byLane.flat().length, 40)
    t.equal(new Set(idsOf(byLane.flat())).size, 40)
    t.same(await mailbox.unpublished([], 1_000), [])
    t.equal((await mailbox.unpublished(allLanes, 7)).length, 7)
  })

  t.test('passes by the families that are not wanted now, also those that are published again', async (t) => {
    const { put, mailbox } = await open(t)
    await put([storedEvent(), ...story(2, { subject: 'stock.reserved' }), storedEvent()])
    const all = await mailbox.unpublished(allLanes, 1_000)
    const [first, stock, more, last] = all
    t.same(idsOf(await mailbox.unpublished(allLanes, 1_000, ['order'])), idsOf([stock!, more!]))
    t.same(idsOf(await mailbox.unpublished(allLanes, 1, ['order'])), idsOf([stock!]))
    t.same(idsOf(await mailbox.unpublished(allLanes, 1_000, ['stock', 'user'])), idsOf([first!, last!]))
    await mailbox.mark([published(first!, 1), published(stock!, 1)])
    await mailbox.openEpoch('STOCK', (await mailbox.seenStreams()).get('STOCK')!, reborn)
    t.same(idsOf(await mailbox.unpublished(allLanes, 1_000, ['order'])), idsOf([stock!, more!]))
    t.same(idsOf(await mailbox.unpublished(allLanes, 1_000, ['stock'])), idsOf([last!]))
    t.same(await mailbox.unpublished(allLanes, 1_000, ['order', 'stock']), [])
  })

  t.test('what is published is not handed out again; the rest is', async (t) => {
    const { put, mailbox, waiting } = await open(t)
    await put([storedEvent(), storedEvent(), storedEvent({ subject: 'stock.reserved' })])
    const [first, second, third] = await waiting()
    await mailbox.mark([published(first!, 7), published(third!, 3)])
    t.same(idsOf(await waiting()), [second!.id])
    const seen = await mailbox.seenStreams()
    t.match(seen.get('ORDERS'), { ...born, epoch: 1, lastSeq: 7n, lastMessageId: first!.id })
    t.match(seen.get('STOCK'), { lastSeq: 3n, lastMessageId: third!.id })
  })

  t.test('the last sequence seen never goes back', async (t) => {
    const { put, mailbox, waiting } = await open(t)
    await put([storedEvent(), storedEvent()])
    const [first, second] = await waiting()
    await mailbox.mark([published(second!, 9)])
    await mailbox.mark([published(first!, 4)])
    t.match((await mailbox.seenStreams()).get('ORDERS'), { lastSeq: 9n, lastMessageId: second!.id })
  })

  t.test('a refused event holds back its aggregate until its time, and nobody else', async (t) => {
    const { put, mailbox, waiting } = await open(t)
    const [one, two] = story(2)
    const other = storedEvent()
    await put([one!, two!, other])
    const [refused] = await waiting()
    const later = new Date(Date.now() + 3_600_000)
    const retry = { kind: 'retry', event: refused!, attempts: 1, reason: 'no' } as const
    await mailbox.mark([{ ...retry, notBefore: later }])
    t.same(idsOf(await waiting()), [other.id])
    await mailbox.mark([{ ...retry, attempts: 2, notBefore: new Date(Date.now() - 1_000) }])
    const again = await waiting()
    t.same(idsOf(again), [one!.id, two!.id, other.id])
    t.equal(again[0]?.attempts, 2)
  })

  t.test('a parked event holds back its aggregate, and is counted', async (t) => {
    const { put, mailbox, waiting } = await open(t)
    const events = story(2, { occurredAt: new Date(Date.now() - 60_000) })
    const other = storedEvent()
    await put([...events, other])
    const [event] = await waiting()
    await mailbox.mark([{ kind: 'parked', event: event!, attempts: 20, reason: 'no' }])
    t.same(idsOf(await waiting()), [other.id])
    const { unpublished, parked, oldestAgeSeconds } = await mailbox.depth()
    t.same({ unpublished, parked }, { unpublished: 3, parked: 1 })
    t.ok(oldestAgeSeconds >= 59 && oldestAgeSeconds < 90)
  })

  t.test('a new epoch makes all events of the stream unpublished, under a new generation', async (t) => {
    const { put, mailbox, waiting } = await open(t)
    await put([storedEvent(), ...story(2), storedEvent({ subject: 'stock.reserved' })])
    const [first, parked, next, stock] = await waiting()
    await mailbox.mark([
      published(first!, 1),
      published(stock!, 1),
      { kind: 'parked', event: parked!, attempts: 20, reason: 'no' },
    ])
    const seen = (await mailbox.seenStreams()).get('ORDERS')!
    t.equal(await mailbox.openEpoch('ORDERS', seen, reborn), true)
    const again = await waiting()
    t.same(idsOf(again), idsOf([first!, parked!, next!]), 'those of the other stream stay as they are')
    t.ok(again.every(({ generation, attempts }) => generation === 1 && attempts === 0))
    t.match((await mailbox.seenStreams()).get('ORDERS'), { ...reborn, epoch: 2, lastMessageId: '' })
  })

  t.test('of two that open the same epoch one does', async (t) => {
    const { put, mailbox, waiting } = await open(t)
    await put([storedEvent()])
    const seen = (await mailbox.seenStreams()).get('ORDERS')!
    const opened = await Promise.all([1, 2].map(() => mailbox.openEpoch('ORDERS', seen, reborn)))
    t.same(opened.sort(), [false, true])
    t.equal((await waiting())[0]?.generation, 1)
  })

  t.test('acknowledgements of a lost store mark nothing', async (t) => {
    const { put, mailbox, waiting } = await open(t)
    await put([storedEvent(), storedEvent(), storedEvent()])
    const stale = await waiting()
    const seen = (await mailbox.seenStreams()).get('ORDERS')!
    await mailbox.openEpoch('ORDERS', seen, reborn)
    await mailbox.mark([
      published(stale[0]!, 77),
      { kind: 'retry', event: stale[1]!, attempts: 1, notBefore: new Date(Date.now() + 60_000), reason: '' },
      { kind: 'parked', event: stale[2]!, attempts: 20, reason: '' },
    ])
    t.same(idsOf(await waiting()), idsOf(stale))
    t.match((await mailbox.seenStreams()).get('ORDERS'), { lastSeq: 0n })
  })

  t.test('a stream is remembered as it was first seen', async (t) => {
    const { mailbox } = await open(t)
    await mailbox.rememberStream('ORDERS', { ...reborn, lastSeq: 99n })
    t.match((await mailbox.seenStreams()).get('ORDERS'), { ...born, epoch: 1 })
  })

  t.test('an empty mailbox is no deeper than that', async (t) => {
    const { mailbox, waiting } = await open(t)
    t.same(await waiting(), [])
    t.same(await mailbox.depth(), { unpublished: 0, parked: 0, oldestAgeSeconds: 0 })
    await mailbox.mark([])
    t.notOk((await mailbox.seenStreams()).has(newId()))
  })
}
