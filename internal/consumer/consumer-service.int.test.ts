import t from 'tap'
import { systemCall } from '../platform/call.ts'
import { newId } from '../platform/new-id.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { admin } from './testing/fixtures.ts'
import { createdType, goodOrder, wholeConsumer } from './testing/whole-consumer.ts'

const { url } = await testDatabase(t)

t.test('poison is dead-lettered once each, and blocks nothing behind it', async (t) => {
  const { publish, publishOrder, settledAll, settled, knobs, handlers, lettersAbout } = await wholeConsumer(
    t,
    url,
  )
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
  const { publish, settledAll, handlers } = await wholeConsumer(t, url)
  const long = Array.from({ length: 1_000 }, newId).join('') // PostgreSQL cannot compress this
  await publish('{', { 'ce-id': long, 'ce-type': createdType, 'x-requeue': '99999999999999999999' })
  await publish('{', { 'ce-id': long, 'ce-type': createdType, 'x-requeue': '99999999999999999999' })
  await settledAll()
  const { deadLetters } = await handlers.listDeadLetters({ limit: 100 }, admin)
  t.equal(deadLetters.filter(({ eventId }) => eventId === long).length, 1)
})

t.test('a message that comes twice has its effect once', async (t) => {
  const { publishOrder, settledAll, told, settled } = await wholeConsumer(t, url)
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
  const { publishOrder, settledAll, settled, knobs, lettersAbout } = await wholeConsumer(t, url)
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
  const { publishOrder, settledAll, settled, told, knobs, lettersAbout } = await wholeConsumer(t, url)
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
  const { publish, settledAll, released, settled } = await wholeConsumer(t, url)
  const orderId = newId()
  const wanted = { 'ce-id': newId(), 'ce-type': 'tillstream.order.canceled.v1' }
  await publish(JSON.stringify({ order: { id: orderId } }), wanted, 'order.canceled')
  await settledAll()
  t.ok(released.has(orderId))
  t.equal(settled.size, 0)
})

t.test('the sweeper settles what no message has settled', async (t) => {
  const { knobs, settled } = await wholeConsumer(t, url, { sweepIntervalMs: 20 })
  const orderId = newId()
  knobs.unsettled.push(orderId)
  await eventually('it is settled', () => settled.has(orderId))
})

t.test('lag and dead letters can be watched', async (t) => {
  const { health, publishOrder, knobs } = await wholeConsumer(t, url)
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
  const { scope, publishOrder, settled } = await wholeConsumer(t, url)
  const orders = Array.from({ length: 50 }, goodOrder)
  await Promise.all(orders.map((order) => publishOrder(order)))
  const started = performance.now()
  await scope.close()
  t.ok(performance.now() - started < 5_000)
  t.same(scope.failures, [])
  t.ok(settled.size <= 50)
})
