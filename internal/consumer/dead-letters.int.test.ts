import t from 'tap'
import { newId } from '../platform/new-id.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { admin, customer } from './testing/fixtures.ts'
import { createdType, goodOrder, wholeConsumer } from './testing/whole-consumer.ts'

const { url } = await testDatabase(t)

t.test('a requeued message goes out under its own id and has its effect once', async (t) => {
  const { publishOrder, settledAll, settled, knobs, handlers, lettersAbout, jsm } = await wholeConsumer(
    t,
    url,
  )
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
  const { publishOrder, settledAll, handlers, lettersAbout } = await wholeConsumer(t, url)
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
  const { publishOrder, settledAll, handlers, lettersAbout } = await wholeConsumer(t, url)
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
  const { handlers } = await wholeConsumer(t, url)
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
