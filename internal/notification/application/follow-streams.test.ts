import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { newEndpoint, type EndpointId } from '../domain/endpoint.ts'
import { inMemoryWebhooks } from '../testing/in-memory-webhooks.ts'
import { followStreams, type EventStreams } from './follow-streams.ts'
import type { AskedByStaff, PublishedEvent } from './webhook-ports.ts'

const at = new Date('2026-11-30T12:00:00Z')
const asked: AskedByStaff = {
  trace: { correlationId: '', traceparent: '', causationId: '' },
  act: { what: '', subjectId: '', before: {}, after: {} },
}

const newEvent = (): PublishedEvent => ({
  ...{ id: newId(), subject: 'order.created', aggregateId: newId(), occurredAt: at, data: '{}' },
})

/** A stream whose messages can be put back as they were; a foreign message is no event. */
async function followed() {
  const stores = inMemoryWebhooks()
  const id = newId() as EndpointId
  await stores.endpoints.add(
    newEndpoint({ id, url: 'https://x.example', events: ['order.*'], secret: '' }, at),
    asked,
  )
  let messages: readonly { readonly mark: string; readonly event?: PublishedEvent }[] = []
  let stored = 0
  const streams: EventStreams = {
    names: [{ stream: 'ORDERS', subjects: ['order.created'] }],
    look: async () => ({ incarnation: 'a', last: messages.length, mark: messages.at(-1)?.mark ?? '' }),
    markAt: async (_, seq) => messages[seq - 1]?.mark ?? '',
    before: async () => 0,
    read: async (_, seq, last) => ({
      events: messages.slice(seq, last).flatMap(({ event }) => event ?? []),
      ...{ seq: last, mark: messages[last - 1]?.mark ?? '' },
    }),
  }
  return {
    follow: followStreams({ ...stores, streams, now: () => at }),
    publish: (event?: PublishedEvent): void =>
      void (messages = [...messages, { mark: `${++stored}`, ...(event && { event }) }]),
    copy: () => messages,
    putBack: (copy: typeof messages) => void (messages = copy),
    position: async () => (await stores.webhooks.position('ORDERS'))?.seq,
    queued: () => stores.all().map(({ eventId }) => eventId),
  }
}

t.test('each event is queued once, in order', async (t) => {
  const { follow, publish, queued } = await followed()
  const events = [newEvent(), newEvent(), newEvent()]
  for (const event of events) {
    publish(event)
    await follow()
    await follow()
  }
  t.same(
    queued(),
    events.map(({ id }) => id),
  )
})

t.test('what comes into an old copy of a stream is not taken for what was read before', async (t) => {
  for (const more of [0, 1, 2]) {
    const { follow, publish, copy, putBack, queued } = await followed()
    const before = newEvent()
    publish(before)
    const old = copy()
    publish()
    publish()
    await follow()
    putBack(old)
    const events = Array.from({ length: 1 + more }, newEvent)
    for (const event of events) publish(event)
    await follow()
    t.same(queued(), [before, ...events].map(({ id }) => id), `${events.length} where two were`) // prettier-ignore
  }
})

t.test('an old copy is noticed before anything comes into it', async (t) => {
  const { follow, publish, copy, putBack, position } = await followed()
  const empty = copy()
  publish(newEvent())
  await follow()
  t.equal(await position(), 1)
  putBack(empty)
  await follow()
  t.equal(await position(), 0)
})
