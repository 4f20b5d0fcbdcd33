import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import t, { type Test } from 'tap'
import { systemCall, type Call } from '../platform/call.ts'
import { envelopeHeaders } from '../platform/envelope.ts'
import { newId } from '../platform/new-id.ts'
import { ensureStream, streams } from '../platform/streams.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { testNats } from '../platform/testing/nats-server.ts'
import { silent, testConnection, testScope } from '../platform/testing/scope.ts'
import { openWebhooks } from './open-webhook-service.ts'
import { openReceiver } from './testing/receiver.ts'
import { openStore } from './testing/open-store.ts'

// Events that a real broker has, and receivers that behave as receivers do.

t.setTimeout(120_000)
const limits = { replicas: 1, maxBytes: 64 * 1_048_576, maxAgeDays: 14 }
const call = systemCall('test')

async function open(t: Test) {
  const server = await testNats(t)
  const nats = await testConnection(t, server.url)
  const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
  for (const { name } of streams) await ensureStream(jsm, name, limits)
  const { sql } = await openStore(t)

  async function publish(subject: string, aggregateId = newId(), id = newId()): Promise<string> {
    const envelope = {
      ...{ id, type: `tillstream.${subject}.v1`, subject: aggregateId, time: new Date().toISOString() },
      ...{ aggregateVersion: 1, correlationId: '', causationId: '', traceparent: '', isReplay: false },
    }
    const written = headers()
    for (const [name, value] of envelopeHeaders(envelope)) written.set(name, value)
    await jetstream(nats.connection).publish(subject, JSON.stringify({ id }), { headers: written })
    return id
  }

  /** One process of the service. */
  function start() {
    const scope = testScope(t)
    const wakeProducer = (): void => undefined
    const options = { log: silent, nats, sql, wakeProducer, webhooksAllowPrivate: true }
    return { ...openWebhooks(scope, options), scope }
  }
  return { jsm, sql, publish, start }
}

type Started = ReturnType<Awaited<ReturnType<typeof open>>['start']>

async function endpointAt({ calls }: Started, url: string, events: readonly string[] = ['order.*']) {
  const { endpoint, secret } = await calls.createEndpoint({ url, events, secret: undefined }, call)
  return { ...endpoint, secret }
}

const idsOf = (received: readonly { readonly id: string }[]): readonly string[] =>
  received.map(({ id }) => id)

t.test(
  'what happens after the answer arrives once, signed and in order; what was before does not',
  async (t) => {
    const { publish, start } = await open(t)
    const service = start()
    const receiver = await openReceiver(t)
    const aggregateId = newId()
    await publish('order.created', aggregateId)
    const { secret } = await endpointAt(service, receiver.url)
    const published: string[] = []
    for (let index = 0; index < 30; index++) published.push(await publish('order.confirmed', aggregateId))
    await publish('payment.captured')
    await eventually('all have arrived', () => receiver.received.length >= 30)
    t.same(idsOf(receiver.received), published)
    t.match(receiver.verify(receiver.received[0]!, secret), {
      ...{ type: 'order.confirmed', data: { id: published[0] }, timestamp: String },
    })
    const { deliveries } = await service.calls.listWebhookDeliveries(
      { endpointId: (await service.calls.listEndpoints({}, call)).endpoints[0]!.id, limit: 100 },
      call,
    )
    await eventually('all are delivered', async () => (await service.countQueued()).queued === 0)
    t.equal(deliveries.length, 30)
  },
)

t.test('several processes send each event once', async (t) => {
  const { publish, start } = await open(t)
  const [first] = [start(), start(), start()]
  const receiver = await openReceiver(t)
  await endpointAt(first, receiver.url)
  const published = await Promise.all(Array.from({ length: 60 }, () => publish('order.created')))
  await eventually(
    'all have arrived',
    async () => (await first.countQueued()).queued === 0 && receiver.received.length >= 60,
  )
  t.same([...idsOf(receiver.received)].sort(), published.sort())
})

t.test(
  'an endpoint that hangs holds up no other, and a failing event only those of its aggregate',
  async (t) => {
    const { publish, start } = await open(t)
    const service = start()
    const hanging = await openReceiver(t, () => undefined)
    let refused = 0
    const [ill, well] = [newId(), newId()]
    const failing = await openReceiver(t, ({ data }, response) => {
      const isIll = data.id === illFirst && refused < 2
      if (isIll) refused++
      response.writeHead(isIll ? 500 : 200).end()
    })
    const illFirst = newId()
    await endpointAt(service, hanging.url)
    await endpointAt(service, failing.url)
    await publish('order.created', ill, illFirst)
    const illSecond = await publish('order.confirmed', ill)
    const wellOnes = [await publish('order.created', well), await publish('order.confirmed', well)]
    await eventually('those of the other aggregate arrive', () =>
      wellOnes.every((id) => idsOf(failing.received).includes(id)),
    )
    t.notOk(idsOf(failing.received).includes(illSecond), 'it waits for the one before it')
    await eventually('it arrives', () => idsOf(failing.received).includes(illSecond))
    const ofIll = idsOf(failing.received).filter((id) => id === illFirst || id === illSecond)
    t.same(ofIll, [illFirst, illFirst, illFirst, illSecond])
    t.ok(hanging.received.length <= 4, 'an endpoint gets no more than four at once')
  },
)

t.test('an endpoint that is gone is paused, and goes on where it was when it is resumed', async (t) => {
  const { publish, start, sql } = await open(t)
  const service = start()
  let isGone = true
  const receiver = await openReceiver(
    t,
    (_got, response) => void response.writeHead(isGone ? 410 : 200).end(),
  )
  const { id } = await endpointAt(service, receiver.url)
  const aggregateId = newId()
  const published = [await publish('order.created', aggregateId)]
  const shown = async () => (await service.calls.getEndpoint({ id }, call)).endpoint
  await eventually('it is paused', async () => (await shown()).isPaused)
  t.match(await shown(), { pauseReason: 'http-410' })
  published.push(await publish('order.confirmed', aggregateId))
  await eventually('it is kept', async () => (await service.countQueued()).queued === 2)
  const events = await sql.$queryRawUnsafe<readonly object[]>('select subject from producer.outbox')
  t.same(events, [{ subject: 'notification.endpoint_paused' }])
  isGone = false
  const before = receiver.received.length
  await service.calls.changeEndpoint({ id, events: [], isPaused: false, rotateSecret: false }, call)
  await eventually('both arrive', () => receiver.received.length === before + 2)
  t.same(idsOf(receiver.received).slice(before), published)
})

t.test('whoever has a secret already gives it, and gets it back nowhere', async (t) => {
  const { publish, start } = await open(t)
  const service = start()
  const receiver = await openReceiver(t)
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const made = await service.calls.createEndpoint({ url: receiver.url, events: ['order.*'], secret }, call)
  t.equal(made.secret, secret)
  await publish('order.created')
  await eventually('it has arrived', () => receiver.received.length === 1)
  t.match(receiver.verify(receiver.received[0]!, secret), { type: 'order.created' })
  t.notMatch(JSON.stringify(await service.calls.listEndpoints({}, call)), secret.slice(6))
})

t.test('after a rotation both secrets verify', async (t) => {
  const { publish, start } = await open(t)
  const service = start()
  const receiver = await openReceiver(t)
  const { id, secret } = await endpointAt(service, receiver.url)
  const changed = await service.calls.changeEndpoint({ id, events: [], rotateSecret: true }, call)
  t.not(changed.secret, secret)
  await publish('order.created')
  await eventually('it arrives', () => receiver.received.length === 1)
  for (const each of [secret, changed.secret]) receiver.verify(receiver.received[0]!, each)
})

t.test('one is sent again, and a range, and the log knows by whom', async (t) => {
  const { publish, start, sql } = await open(t)
  const service = start()
  const receiver = await openReceiver(t)
  const { id } = await endpointAt(service, receiver.url)
  const aggregateId = newId()
  const from = new Date(Date.now() - 1).toISOString()
  const published = [await publish('order.created', aggregateId), await publish('order.paid', aggregateId)]
  await eventually(
    'both are delivered',
    async () => receiver.received.length === 2 && (await service.countQueued()).queued === 0,
  )
  const by: Call = { ...call, by: { kind: 'user', id: newId(), address: '192.0.2.1' } }
  const { deliveries } = await service.calls.listWebhookDeliveries({ endpointId: id, limit: 10 }, call)
  await service.calls.redeliverWebhook({ endpointId: id, deliveryId: deliveries[0]!.id }, by)
  await eventually(
    'it arrives again',
    async () => receiver.received.length === 3 && (await service.countQueued()).queued === 0,
  )
  const to = new Date(Date.now() + 1_000).toISOString()
  const once = { key: newId(), fingerprint: 'f' }
  t.match(await service.calls.replayWebhooks({ endpointId: id, from, to }, { ...by, once }), {
    ...{ count: 2, replayed: false },
  })
  t.match(await service.calls.replayWebhooks({ endpointId: id, from, to }, { ...by, once }), {
    replayed: true,
  })
  await eventually('both arrive again', () => receiver.received.length === 5)
  t.same(idsOf(receiver.received), [...published, published[1], ...published])
  const acts = await sql.$queryRawUnsafe<readonly { readonly what: string }[]>(
    'select what from producer.activity order by at',
  )
  t.same(
    acts.map(({ what }) => what),
    ['webhook.redelivered', 'webhook.replayed'],
  )
  await t.rejects(service.calls.redeliverWebhook({ endpointId: id, deliveryId: newId() }, call), {
    code: 'webhook.delivery-not-found',
  })
  await t.rejects(service.calls.replayWebhooks({ endpointId: id, from: to, to: from }, call), {
    code: 'webhook.invalid-range',
  })
})

t.test('a stream that was lost and filled again sends nothing twice, and leaves nothing out', async (t) => {
  const { publish, start, jsm } = await open(t)
  const service = start()
  const receiver = await openReceiver(t)
  await endpointAt(service, receiver.url)
  const id = await publish('order.created')
  await eventually('it arrives', () => receiver.received.length === 1)
  await jsm.streams.delete('ORDERS')
  await ensureStream(jsm, 'ORDERS', limits)
  const second = await publish('order.created') // at the place that was read before
  await publish('order.created', newId(), id)
  await eventually('the new one arrives', () => receiver.received.length === 2)
  t.same(idsOf(receiver.received), [id, second])
})

t.test('nothing is read while nobody wants it', async (t) => {
  const { publish, start, sql } = await open(t)
  const service = start()
  await publish('order.created')
  const positions = () =>
    sql.$queryRawUnsafe<readonly object[]>('select stream from notifications.stream_positions')
  t.same(await positions(), [])
  const { id } = await endpointAt(service, (await openReceiver(t)).url)
  await eventually('it is read', async () => (await positions()).length === 1)
  await service.calls.deleteEndpoint({ id }, call)
  await eventually('it is not any more', async () => (await positions()).length === 0)
})

t.test('a process stops although an endpoint hangs, and another one sends it again', async (t) => {
  const { publish, start, sql } = await open(t)
  const service = start()
  let isHanging = true
  const receiver = await openReceiver(t, (_got, response) => {
    if (!isHanging) response.writeHead(200).end()
  })
  await endpointAt(service, receiver.url)
  const id = await publish('order.created')
  await eventually('it is called', () => receiver.received.length === 1)
  const begun = performance.now()
  await service.scope.close()
  t.ok(performance.now() - begun < 6_000, `${performance.now() - begun} ms`)
  const rows = await sql.$queryRawUnsafe<readonly object[]>(
    'select status, attempts, failure from notifications.webhook_deliveries',
  )
  t.match(rows, [{ status: 'queued', attempts: 1, failure: 'no-answer' }])
  isHanging = false
  start()
  await eventually('it is sent again', () => receiver.received.length === 2)
  t.equal(receiver.received[1]?.id, id)
})
