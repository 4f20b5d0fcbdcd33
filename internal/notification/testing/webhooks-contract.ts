import type { Test } from 'tap'
import { systemCall, traceOf } from '../../platform/call.ts'
import { newId } from '../../platform/new-id.ts'
import type { Endpoints, PublishedEvent, Webhooks } from '../application/webhook-ports.ts'
import { changeEndpoint, pauseFailing, type Endpoint } from '../domain/endpoint.ts'
import { conclude, type WebhookDelivery } from '../domain/webhook-delivery.ts'
import { endpoint, later, now, publishedEvent } from './fixtures.ts'

export type WebhookStores = { readonly endpoints: Endpoints; readonly webhooks: Webhooks }

export const asked = (what = 'webhook.created') => ({
  ...{ once: undefined, trace: traceOf(systemCall('test')) },
  act: { what, subjectId: newId() },
})

const start = { stream: 'ORDERS', incarnation: 'a', seq: 0, mark: '' }
const lease = later(60_000)
const taken = { kind: 'taken' } as const
const failed = { kind: 'failed', failure: 'http-500' } as const

/** What endpoints and their deliveries promise, whatever stores them. */
export function webhooksContract(t: Test, open: (t: Test) => Promise<WebhookStores>): void {
  const test = (name: string, check: (t: Test, stores: Ready) => Promise<void>): void =>
    void t.test(name, async (t) => check(t, await ready(await open(t))))

  test('an endpoint is found as it was stored, and changed by one at a time', async (t, { endpoints }) => {
    const first = await added(endpoints)
    const second = await added(endpoints)
    t.same(await endpoints.list(), [second, first])
    const changed = changeEndpoint(first, { events: ['*'], secret: 'whsec_new' }, later(5))
    t.equal(await endpoints.store(changed, asked()), true)
    t.same(await endpoints.find(first.id), changed)
    t.equal(await endpoints.store({ ...changed, url: 'https://other.example/' }, asked()), false)
    t.equal(await endpoints.remove(first.id, asked()), true)
    t.equal(await endpoints.remove(first.id, asked()), false)
    t.equal(await endpoints.find(first.id), undefined)
  })

  test('a repeated request finds the endpoint that it has made', async (t, { endpoints }) => {
    const once = { key: newId(), fingerprint: 'f' }
    const made = endpoint()
    t.equal(await endpoints.findByRequest(once), undefined)
    await endpoints.add(made, { ...asked(), once })
    t.same(await endpoints.findByRequest(once), made)
    await t.rejects(endpoints.add(endpoint(), { ...asked(), once }), {
      code: 'request.idempotency-key-in-use',
    })
    t.equal((await endpoints.list()).length, 1)
  })

  test('an event is queued once for each endpoint that wants it', async (t, { endpoints, queue, claim }) => {
    const [family, named, all, other] = [
      await added(endpoints, ['order.*']),
      await added(endpoints, ['order.created', 'payment.captured']),
      await added(endpoints, ['*']),
      await added(endpoints, ['order.paid']),
    ]
    const event = publishedEvent()
    t.equal(await queue([event]), 3)
    t.equal(await queue([event]), 0, 'it comes again')
    for (const each of [family, named, all]) {
      const [delivery, ...more] = await claim(each)
      t.match(delivery, {
        ...{ eventId: event.id, type: 'order.created', aggregateId: event.aggregateId, data: event.data },
        ...{ status: 'queued', attempts: 0, occurredAt: event.occurredAt },
      })
      t.same(more, [])
    }
    t.same(await claim(other), [])
  })

  test('what is about people and staff goes to those who name it', async (t, { endpoints, queue, claim }) => {
    const [all, named] = [await added(endpoints, ['*']), await added(endpoints, ['activity.recorded'])]
    t.equal(await queue([publishedEvent({ subject: 'activity.recorded' })]), 1)
    t.equal((await claim(all)).length, 0)
    t.equal((await claim(named)).length, 1)
  })

  test('what happened before an endpoint was made is not for it', async (t, { endpoints, queue }) => {
    await added(endpoints)
    t.equal(await queue([publishedEvent({ occurredAt: later(-1) })]), 0)
    t.equal(await queue([publishedEvent({ occurredAt: now })]), 1)
  })

  test('a position that somebody else has moved queues nothing', async (t, { endpoints, webhooks }) => {
    await added(endpoints)
    t.equal(await webhooks.begin(start), true)
    t.equal(await webhooks.begin(start), false)
    const next = { ...start, seq: 3 }
    t.equal(await webhooks.advance(start, next, [publishedEvent()], now), 1)
    t.equal(await webhooks.advance(start, next, [publishedEvent()], now), undefined)
    t.same(await webhooks.position('ORDERS'), next)
    t.equal((await webhooks.countQueued()).queued, 1)
    await webhooks.forget(['ORDERS'])
    t.equal(await webhooks.position('ORDERS'), undefined)
  })

  test('of each aggregate only the first goes, until it is taken', async (t, {
    endpoints,
    webhooks,
    queue,
    claim,
  }) => {
    const to = await added(endpoints)
    const aggregateId = newId()
    const [first, second, third] = [1, 2, 3].map((ms) =>
      publishedEvent({ aggregateId, occurredAt: later(ms) }),
    )
    const apart = publishedEvent({ occurredAt: later(9) })
    await queue([first!, second!, apart])
    await queue([third!])
    const claimed = await claim(to)
    t.same(idsOf(claimed), [first!.id, apart.id].sort())
    t.same(await claim(to), [], 'those in somebody’s hands hold back the rest')
    const head = claimed.find(({ eventId }) => eventId === first!.id)!
    t.equal(await webhooks.store(conclude(head, failed, now).state), true)
    t.same(await claim(to), [], 'so do those that have failed')
    const [again] = await claim(to, later(1_000))
    t.match(again, { eventId: first!.id, attempts: 1, failure: 'http-500' })
    await webhooks.store(conclude(again!, taken, later(1_001)).state)
    t.same(idsOf(await claim(to, later(1_001))), [second!.id])
  })

  test('a lease that has ended frees it, and its old worker stores nothing', async (t, {
    endpoints,
    webhooks,
    queue,
    claim,
  }) => {
    const to = await added(endpoints)
    await queue([publishedEvent()])
    const [before] = await claim(to)
    t.same(await claim(to, later(59_999)), [])
    const [after] = await claim(to, lease)
    t.equal(after?.eventId, before?.eventId)
    t.equal(await webhooks.store(conclude(before!, taken, lease).state), false)
    t.equal(await webhooks.store(conclude(after!, taken, lease).state), true)
    t.equal((await webhooks.find(after!.id))?.status, 'delivered')
  })

  test('there is room for so many of each endpoint', async (t, { endpoints, webhooks, queue }) => {
    const [one, two] = [await added(endpoints), await added(endpoints)]
    await queue([publishedEvent(), publishedEvent(), publishedEvent()])
    const rooms = [
      { endpointId: one.id, room: 2 },
      { endpointId: two.id, room: 1 },
    ]
    const claimed = await webhooks.claim(rooms, later(10), lease)
    t.same(
      [one, two].map(({ id }) => claimed.filter(({ endpointId }) => endpointId === id).length),
      [2, 1],
    )
  })

  test('a paused endpoint gets nothing, and everything once it is resumed', async (t, {
    endpoints,
    webhooks,
    queue,
    claim,
  }) => {
    const to = await added(endpoints)
    await queue([publishedEvent()])
    const [delivery] = await claim(to)
    await webhooks.store(conclude(delivery!, failed, now).state)
    const paused = pauseFailing(to, 'http-500', now)
    t.equal(await endpoints.pause(paused), true)
    t.equal(await endpoints.pause(paused), false)
    t.equal(await queue([publishedEvent()]), 1, 'what happens meanwhile is kept for it')
    t.same(await claim(to, later(5_000)), [])
    t.match(await webhooks.countQueued(), { queued: 2, pausedEndpoints: 1 })
    await endpoints.store(changeEndpoint(paused, { isPaused: false }, now), asked())
    await webhooks.retryAll(to.id, now)
    t.equal((await claim(to)).length, 2)
  })

  test('one is sent again, or a range in its order', async (t, { endpoints, webhooks, queue, claim }) => {
    const [to, other] = [await added(endpoints), await added(endpoints)]
    const aggregateId = newId()
    const events = [10, 20, 30].map((ms) => publishedEvent({ aggregateId, occurredAt: later(ms) }))
    await queue(events)
    for (const _ of events)
      for (const each of await claim(to)) await webhooks.store(conclude(each, taken, now).state)
    const { deliveries } = await webhooks.page({
      endpointId: to.id,
      status: 'delivered',
      limit: 10,
      after: undefined,
    })
    t.same(
      deliveries.map(({ eventId }) => eventId),
      events.map(({ id }) => id).reverse(),
    )
    const [newest] = deliveries
    t.equal(await webhooks.redeliver(other.id, newest!.id, now, asked()), undefined)
    t.match(await webhooks.redeliver(to.id, newest!.id, now, asked()), { status: 'queued', attempts: 0 })
    t.equal(await webhooks.replay(to.id, { from: later(10), to: later(30) }, now, asked()), 2)
    t.same(idsOf(await claim(to)), [events[0]!.id])
  })

  test('pages follow on each other', async (t, { endpoints, webhooks, queue }) => {
    const to = await added(endpoints)
    await queue([publishedEvent(), publishedEvent(), publishedEvent()])
    const page = { endpointId: to.id, status: undefined, limit: 2 }
    const first = await webhooks.page({ ...page, after: undefined })
    const second = await webhooks.page({ ...page, after: first.next })
    t.same([first.deliveries.length, second.deliveries.length, second.next], [2, 1, undefined])
  })

  test('what is old goes, and what nobody is there for', async (t, { endpoints, webhooks, queue }) => {
    const [to, gone] = [await added(endpoints), await added(endpoints)]
    await queue([publishedEvent()])
    await endpoints.remove(gone.id, asked())
    t.equal(await webhooks.removeOld(now, 10), 1)
    t.equal(await webhooks.removeOld(later(1_000), 10), 1)
    t.same(
      (await webhooks.page({ endpointId: to.id, status: undefined, limit: 9, after: undefined })).deliveries,
      [],
    )
  })
}

type Ready = WebhookStores & {
  readonly queue: (events: readonly PublishedEvent[]) => Promise<number | undefined>
  readonly claim: (to: Endpoint, at?: Date) => Promise<readonly WebhookDelivery[]>
}

async function ready(stores: WebhookStores): Promise<Ready> {
  const { webhooks } = stores
  return {
    ...stores,
    async queue(events) {
      const from = (await webhooks.position('OTHER')) ?? { ...start, stream: 'OTHER' }
      await webhooks.begin(from)
      return webhooks.advance(from, { ...from, seq: from.seq + 1 }, events, now)
    },
    claim: (to, at = now) =>
      webhooks.claim([{ endpointId: to.id, room: 10 }], at, new Date(at.getTime() + 60_000)),
  }
}

async function added(endpoints: Endpoints, events: readonly string[] = ['order.*']): Promise<Endpoint> {
  const made = endpoint({ events })
  await endpoints.add(made, asked())
  return made
}

const idsOf = (deliveries: readonly WebhookDelivery[]): readonly string[] =>
  deliveries.map(({ eventId }) => eventId).sort()
