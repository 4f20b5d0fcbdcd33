import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import t, { type Test } from 'tap'
import { OrderCanceledSchema, OrderCreatedSchema } from '../gen/order/v1/events_pb.ts'
import { systemCall } from '../platform/call.ts'
import { eventType } from '../platform/event.ts'
import { newId } from '../platform/new-id.ts'
import { reaction, reactionRpc, reactTo, type Delivered } from '../platform/reaction.ts'
import { Refusal } from '../platform/refusal.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { ensureStream } from '../platform/streams.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { testNats } from '../platform/testing/nats-server.ts'
import { silent, testConnection, testScope } from '../platform/testing/scope.ts'
import { openConsumerService } from './open-consumer-service.ts'
import { admin, customer } from './testing/fixtures.ts'

// The whole consumer with a real broker and a real database, and a service with two reactions that records its events.

const limits = { replicas: 1, maxBytes: 104_857_600, maxAgeDays: 14 }
const createdType = 'tillstream.order.created.v1'
const reactions = [
  reaction('settle-created', OrderCreatedSchema),
  reaction('release-canceled', OrderCanceledSchema),
]

type Told = { readonly id: string; readonly product: string; readonly causationId: string }

function parse({ data, trace }: Delivered): Told {
  const { id, items } = (data.order ?? {}) as { id?: unknown; items?: readonly { productId: string }[] }
  if (typeof id !== 'string') throw new Refusal('invalid', 'message.invalid', 'no order')
  return { id, product: items?.[0]?.productId ?? '', causationId: trace.causationId }
}

/** A service that counts each effect once per order, as the order service does. */
function fakeOrderService() {
  const told = new Map<string, number>()
  const settled = new Map<string, string>()
  const released = new Set<string>()
  const knobs = {
    isAway: false,
    unknownProducts: new Set<string>(),
    busyProducts: new Set<string>(),
    unsettled: [] as string[],
  }
  const requireUp = (): void => {
    if (knobs.isAway) throw new Refusal('unavailable', 'service.unavailable', 'away')
  }
  const settle = async (orders: readonly Told[]) => {
    requireUp()
    return orders.map(({ id, product, causationId }) => {
      if (knobs.unknownProducts.has(product))
        return new Refusal('invalid', 'message.unknown-product', 'there is no such product')
      told.set(id, (told.get(id) ?? 0) + 1)
      if (knobs.busyProducts.has(product)) return new Refusal('unavailable', 'stock.busy', 'not now')
      if (!settled.has(id)) settled.set(id, causationId)
      return undefined
    })
  }
  const release = async (orders: readonly Told[]) => {
    requireUp()
    for (const { id } of orders) released.add(id)
    return []
  }
  const sweep = async () => {
    const overdue = knobs.unsettled.splice(0)
    for (const id of overdue) settled.set(id, '')
    return { settled: overdue.length }
  }
  const [created, canceled] = [eventType(OrderCreatedSchema), eventType(OrderCanceledSchema)]
  const handlers = reactionRpc(
    {
      'settle-created': reactTo(created, parse, settle),
      'release-canceled': reactTo(canceled, parse, release),
    },
    sweep,
  )
  return { told, settled, released, knobs, reactor: { service: 'order', reactions, handlers } }
}

const { url } = await testDatabase(t)

async function open(t: Test, { sweepIntervalMs = 3_600_000 } = {}) {
  const server = await testNats(t)
  const nats = await testConnection(t, server.url)
  const own = await testConnection(t, server.url, 'consumer')
  const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
  await ensureStream(jsm, 'ORDERS', limits)
  const services = fakeOrderService()
  const scope = testScope(t)
  const { handlers, health } = openConsumerService(scope, {
    log: silent,
    database: { url, applicationName: 'test consumer', maxConnections: 4, statementTimeoutMs: 5_000 },
    databases: {},
    aggregates: [],
    nats: own,
    reactors: [services.reactor],
    sweepIntervalMs,
    sweepAfterSeconds: 30,
  })
  await eventually('it consumes', async () => {
    const { checks } = await health.checkReadiness({}, systemCall(''))
    return checks.every(({ ready }) => ready)
  })

  async function publish(
    data: string | Uint8Array,
    wanted: Readonly<Record<string, string>>,
    subject = 'order.created',
  ): Promise<void> {
    const written = headers()
    for (const [name, value] of Object.entries(wanted)) written.append(name, value)
    await jetstream(nats.connection).publish(subject, data, { headers: written, msgID: newId() })
  }
  const publishOrder = (order: unknown, eventId = newId()): Promise<void> =>
    publish(JSON.stringify({ order }), { 'ce-id': eventId, 'ce-type': createdType })

  const settledAll = () =>
    eventually('nothing is left to do', async () => {
      const infos = await jsm.consumers.list('ORDERS').next()
      return (
        infos.length === 2 &&
        infos.every(({ num_pending, num_ack_pending }) => num_pending + num_ack_pending === 0)
      )
    })
  /** Selects the dead letters of one test, because all tests of this file share the database. */
  const lettersAbout = async (...eventIds: readonly string[]) => {
    const { deadLetters } = await handlers.listDeadLetters({ limit: 100 }, admin)
    return deadLetters.filter(({ eventId }) => eventIds.includes(eventId))
  }
  return { ...services, scope, nats, jsm, handlers, health, publish, publishOrder, settledAll, lettersAbout }
}

const goodOrder = () => ({ id: newId(), items: [{ productId: newId(), quantity: 1 }] })

t.test('poison is dead-lettered once each, and blocks nothing behind it', async (t) => {
  const { publish, publishOrder, settledAll, settled, knobs, handlers, lettersAbout } = await open(t)
  const unknownProduct = newId()
  knobs.unknownProducts.add(unknownProduct)
  const poison: readonly (readonly [string, unknown])[] = [
    ['message.invalid', 'not an order'],
    ['message.invalid', null],
    ['message.invalid', { id: 7 }],
    ['message.unknown-product', { id: newId(), items: [{ productId: unknownProduct, quantity: 1 }] }],
  ]
  const before = (await handlers.listDeadLetters({ limit: 100 }, admin)).deadLetters.length
  const events = poison.map(([code, order]) => ({ code, order, id: newId() }))
  const [notJson, wrongType] = [newId(), newId()]
  for (const round of [1, 2]) {
    for (const { order, id } of events) await publishOrder(order, id)
    await publish('{"order":', { 'ce-id': notJson, 'ce-type': createdType })
    await publish(JSON.stringify({ order: goodOrder() }), {
      'ce-id': wrongType,
      'ce-type': 'tillstream.x.v1',
    })
    if (round === 1) await publish(JSON.stringify({ order: goodOrder() }), { 'ce-type': createdType })
  }
  const good = goodOrder()
  await publishOrder(good)
  await settledAll()
  t.same([...settled.keys()], [good.id])
  for (const { id, code } of events) {
    t.match(await lettersAbout(id), [{ code, deliveries: 1, status: 'open', subject: 'order.created' }], code)
  }
  t.match(await lettersAbout(notJson), [{ code: 'message.not-json', data: '{"order":' }])
  t.match(await lettersAbout(wrongType), [{ code: 'message.wrong-type' }])
  t.match(await lettersAbout(''), [{ code: 'message.no-id' }])
  const all = await handlers.listDeadLetters({ limit: 100 }, admin)
  t.equal(all.deadLetters.length - before, events.length + 3, 'once each, although most came twice')
})

t.test('a stranger’s headers do not keep a message from dying', async (t) => {
  const { publish, settledAll, handlers } = await open(t)
  const long = Array.from({ length: 1_000 }, newId).join('') // PostgreSQL cannot compress this
  await publish('{', { 'ce-id': long, 'ce-type': createdType, 'x-requeue': '99999999999999999999' })
  await publish('{', { 'ce-id': long, 'ce-type': createdType, 'x-requeue': '99999999999999999999' })
  await settledAll()
  const { deadLetters } = await handlers.listDeadLetters({ limit: 100 }, admin)
  t.equal(deadLetters.filter(({ eventId }) => eventId === long).length, 1)
})

t.test('a message that comes twice has its effect once', async (t) => {
  const { publishOrder, settledAll, told, settled } = await open(t)
  const order = goodOrder()
  const eventId = newId()
  await publishOrder(order, eventId)
  await settledAll()
  await publishOrder(order, eventId)
  await settledAll()
  t.equal(settled.get(order.id), eventId)
  t.equal(told.get(order.id), 2, 'the service is told again, and does nothing more')
})

t.test('while a service is away messages wait, and none dies', async (t) => {
  const { publishOrder, settledAll, settled, knobs, lettersAbout } = await open(t)
  knobs.isAway = true
  const orders = Array.from({ length: 20 }, goodOrder)
  const eventIds = orders.map(() => newId())
  for (const [index, order] of orders.entries()) await publishOrder(order, eventIds[index])
  await eventually('they are being tried', async () => settled.size === 0)
  knobs.isAway = false
  await settledAll()
  t.equal(settled.size, 20)
  t.same(await lettersAbout(...eventIds), [])
})

t.test('a message that is to come again later waits alone, and never dies of it', async (t) => {
  const { publishOrder, settledAll, settled, told, knobs, lettersAbout } = await open(t)
  const [first, busy, last] = [goodOrder(), goodOrder(), goodOrder()]
  const eventId = newId()
  knobs.busyProducts.add(busy.items[0]!.productId)
  await publishOrder(first)
  await publishOrder(busy, eventId)
  await publishOrder(last)
  await eventually('the others are settled', () => settled.has(first.id) && settled.has(last.id))
  await eventually('it comes again', () => (told.get(busy.id) ?? 0) >= 3)
  t.notOk(settled.has(busy.id))
  t.equal(told.get(first.id), 1, 'the others do not come again with it')
  t.same(await lettersAbout(eventId), [])
  knobs.busyProducts.clear()
  await settledAll()
  t.equal(settled.get(busy.id), eventId)
  t.same(await lettersAbout(eventId), [])
})

t.test('each reaction gets the events that it is for', async (t) => {
  const { publish, settledAll, released, settled } = await open(t)
  const orderId = newId()
  const wanted = { 'ce-id': newId(), 'ce-type': 'tillstream.order.canceled.v1' }
  await publish(JSON.stringify({ order: { id: orderId } }), wanted, 'order.canceled')
  await settledAll()
  t.ok(released.has(orderId))
  t.equal(settled.size, 0)
})

t.test('the sweeper settles what no message has settled', async (t) => {
  const { knobs, settled } = await open(t, { sweepIntervalMs: 20 })
  const orderId = newId()
  knobs.unsettled.push(orderId)
  await eventually('it is settled', () => settled.has(orderId))
})

t.test('a requeued message goes out under its own id and has its effect once', async (t) => {
  const { publishOrder, settledAll, settled, knobs, handlers, lettersAbout, jsm } = await open(t)
  const order = goodOrder()
  const eventId = newId()
  knobs.unknownProducts.add(order.items[0]!.productId)
  await publishOrder(order, eventId)
  await settledAll()
  const [letter] = await lettersAbout(eventId)
  knobs.unknownProducts.clear()
  const { deadLetter } = await handlers.requeueDeadLetter({ id: letter!.id }, admin)
  t.match(deadLetter, { status: 'requeued', requeues: 1 })
  await eventually('the effect', () => settled.has(order.id))
  await settledAll()
  const message = await jsm.streams.getMessage('ORDERS', { last_by_subj: 'order.created' })
  t.equal(message?.header.get('ce-id'), eventId)
  t.equal(message?.header.get('ce-type'), createdType)
  t.equal(message?.header.get('x-requeue'), '1')
  t.equal(message?.header.get('Nats-Msg-Id'), `${eventId}:r1`)
  await t.rejects(handlers.requeueDeadLetter({ id: letter!.id }, admin), { code: 'dead-letter.requeued' })
  t.match(await lettersAbout(eventId), [{ status: 'requeued' }])
})

t.test('a requeued message that dies again is another letter, which knows how often', async (t) => {
  const { publishOrder, settledAll, handlers, lettersAbout } = await open(t)
  const eventId = newId()
  await publishOrder('no order', eventId)
  await settledAll()
  for (let requeues = 1; requeues <= 2; requeues++) {
    const open = (await lettersAbout(eventId)).find(({ status }) => status === 'open')
    await handlers.requeueDeadLetter({ id: open!.id }, admin)
    await eventually('it has died again', async () => (await lettersAbout(eventId)).length === requeues + 1)
  }
  const letters = await lettersAbout(eventId)
  t.same(letters.map(({ requeues }) => requeues).sort(), [1, 2, 2])
  t.equal(letters.filter(({ status }) => status === 'open').length, 1)
})

t.test('of a requeue and a discard at once one wins; a discarded letter goes nowhere', async (t) => {
  const { publishOrder, settledAll, handlers, lettersAbout } = await open(t)
  const [raced, discarded] = [newId(), newId()]
  await publishOrder('no order', raced)
  await publishOrder('no order', discarded)
  await settledAll()
  const [[first], [second]] = [await lettersAbout(raced), await lettersAbout(discarded)]
  const results = await Promise.allSettled([
    handlers.requeueDeadLetter({ id: first!.id }, admin),
    handlers.discardDeadLetter({ id: first!.id, reason: 'of no use' }, admin),
  ])
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
  t.match(
    results.find(({ status }) => status === 'rejected'),
    { reason: { kind: 'conflict' } },
  )
  await handlers.discardDeadLetter({ id: second!.id, reason: 'of no use' }, admin)
  await t.rejects(handlers.requeueDeadLetter({ id: second!.id }, admin), { code: 'dead-letter.discarded' })
  t.match(await lettersAbout(discarded), [{ status: 'discarded', resolution: 'of no use' }])
})

t.test('requests about dead letters are checked', async (t) => {
  const { handlers } = await open(t)
  await t.rejects(handlers.getDeadLetter({ id: 'x' }, admin), { code: 'dead-letter.invalid-id' })
  await t.rejects(handlers.getDeadLetter({ id: newId() }, admin), { code: 'dead-letter.not-found' })
  await t.rejects(handlers.listDeadLetters({ limit: 1, status: 'lost' }, admin), {
    code: 'dead-letter.invalid-status',
  })
  await t.rejects(handlers.listDeadLetters({ limit: 1 }, customer), { code: 'auth.forbidden' })
  await t.rejects(handlers.runAudit({}, customer), { code: 'auth.forbidden' })
  const page = await handlers.listDeadLetters({ limit: 1, status: 'open' }, admin)
  t.equal(page.deadLetters.length, 1)
  const next = await handlers.listDeadLetters({ limit: 1, afterId: page.nextId! }, admin)
  t.ok(next.deadLetters[0]!.id < page.deadLetters[0]!.id)
})

t.test('lag and dead letters can be watched', async (t) => {
  const { health, publishOrder, knobs } = await open(t)
  knobs.isAway = true
  await publishOrder(goodOrder())
  await publishOrder(goodOrder())
  await eventually('two messages lag', async () => {
    const { gauges } = await health.readGauges({}, systemCall(''))
    const lag = gauges.find(({ labels }) => labels.some(({ value }) => value === 'settle-created'))
    return lag?.value === '2' && gauges.some(({ name }) => name === 'tillstream_dead_letters')
  })
  knobs.isAway = false
})

t.test('a stop is clean, and quick', async (t) => {
  const { scope, publishOrder, settled } = await open(t)
  const orders = Array.from({ length: 50 }, goodOrder)
  await Promise.all(orders.map((order) => publishOrder(order)))
  const started = performance.now()
  await scope.close()
  t.ok(performance.now() - started < 5_000)
  t.same(scope.failures, [])
  t.ok(settled.size <= 50)
})
