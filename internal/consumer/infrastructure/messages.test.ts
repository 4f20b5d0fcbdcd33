import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { Refusal } from '../../platform/refusal.ts'
import { fakeMessage } from '../testing/fake-message.ts'
import { deadLetterOf } from './dead-letter-of.ts'
import { maxBatch, messageBatches } from './message-batches.ts'
import { readDelivery } from './read-delivery.ts'
import { batchHandler } from './subscription.ts'

const created = 'tillstream.order.created.v1'
const eventId = newId()
const goodHeaders = {
  ...{ 'ce-id': eventId, 'ce-type': created },
  ...{ 'ce-correlationid': 'c-1', traceparent: '00-a-b-01' },
}

t.test('an envelope is read, and the data are left to who reacts', async (t) => {
  t.strictSame(readDelivery(fakeMessage({ any: 'thing' }, { headers: goodHeaders }), [created]), {
    ...{ id: eventId, type: created, data: { any: 'thing' } },
    ...{ correlationId: 'c-1', traceparent: '00-a-b-01' },
  })
  const bare = { 'ce-id': eventId, 'ce-type': created }
  t.match(readDelivery(fakeMessage({}, { headers: bare }), [created]), { correlationId: '', traceparent: '' })
})

const poison: readonly (readonly [string, unknown, string, Readonly<Record<string, string>>?])[] = [
  ['not JSON', new TextEncoder().encode('{'), 'message.not-json'],
  ['no bytes at all', new Uint8Array(), 'message.not-json'],
  ['no UTF-8', new Uint8Array([0xff, 0xfe]), 'message.not-json'],
  ['another type', {}, 'message.wrong-type', { 'ce-id': 'e', 'ce-type': 'x' }],
  ['no type', {}, 'message.wrong-type', { 'ce-id': 'e' }],
  ['no headers', {}, 'message.wrong-type', {}],
  ['no ce-id', {}, 'message.no-id', { 'ce-type': created }],
  ['null', null, 'message.invalid'],
  ['a list', [], 'message.invalid'],
  ['a text', 'x', 'message.invalid'],
]

for (const [name, data, code, headers] of poison) {
  t.test(`${name} is refused as ${code}`, async (t) => {
    const message = fakeMessage(data, { headers: headers ?? goodHeaders })
    t.throws(() => readDelivery(message, [created]), { kind: 'invalid', code })
  })
}

const death = { subscription: 's', incarnation: 'inc', code: 'c', reason: 'r', at: new Date() }

t.test("a letter's key is the event's id and requeue, or the message's place", async (t) => {
  const keyOf = (headers: Readonly<Record<string, string>>): string =>
    deadLetterOf(fakeMessage({}, { headers }), death).messageKey
  t.equal(keyOf({ 'ce-id': 'e-1' }), 'e-1')
  t.equal(keyOf({ 'ce-id': 'e-1', 'x-requeue': '2' }), 'e-1:r2')
  t.equal(keyOf({}), 'ORDERS:inc:7')
})

t.test('a letter can be stored whatever a stranger wrote into its headers', async (t) => {
  for (const text of ['-1', '1.5', '1e99', '99999999999999', 'x']) {
    t.equal(deadLetterOf(fakeMessage({}, { headers: { 'x-requeue': text } }), death).requeues, 0, text)
  }
  const long = { 'ce-id': 'e'.repeat(100_000) }
  const letter = deadLetterOf(fakeMessage({}, { headers: long }), death)
  t.ok(letter.messageKey.length <= 200)
  t.equal(letter.eventId.length, 100_000)
  t.equal(deadLetterOf(fakeMessage({}, { headers: long }), death).messageKey, letter.messageKey)
})

const numberOf = (message: Parameters<typeof readDelivery>[0]): number => {
  const value = message.json()
  if (typeof value !== 'number') throw new Refusal('invalid', 'nan', 'no number')
  return value
}
const batch = (...data: unknown[]) => data.map((each) => fakeMessage(each))

t.test('a batch fits into one message to the service that reacts', async (t) => {
  const batches = messageBatches(60_000)
  const kilobytes = [300, 300, 300, 300, 990, 10, ...Array<number>(300).fill(1)]
  for (const size of kilobytes) batches.push(fakeMessage(new Uint8Array(size * 1_000)))
  const handled: number[][] = []
  const running = batches.run(async (batch) => {
    handled.push(batch.map(({ data }) => data.length / 1_000))
    if (handled.flat().length === kilobytes.length) batches.stop()
  })
  await running
  t.same(handled.flat(), kilobytes)
  t.same(handled.slice(0, 3), [[300, 300, 300], [300], [990]])
  t.equal(handled[3]?.length, 200, 'small ones are counted as before')
})

t.test('a batch is handled in one go, and what is no good is refused beside it', async (t) => {
  const handled: (readonly number[])[] = []
  const handle = batchHandler(numberOf, async (numbers) => {
    handled.push(numbers)
    return numbers.map((each) => (each === 2 ? new Refusal('invalid', 'two', 'no two') : undefined))
  })
  t.match(await handle(batch(1, 'x', 2, 3)), [
    { kind: 'handled' },
    { kind: 'refused', code: 'nan' },
    { kind: 'refused', code: 'two' },
    { kind: 'handled' },
  ])
  t.same(handled, [[1, 2, 3]])
  t.match(await handle(batch('x')), [{ kind: 'refused' }])
  t.equal(handled.length, 1, 'nothing to handle, nothing handled')
})

t.test('one message that is to come again later waits alone', async (t) => {
  const handle = batchHandler(numberOf, async (numbers) =>
    numbers.map((each) => (each === 2 ? new Refusal('unavailable', 'busy', 'not now') : undefined)),
  )
  t.match(await handle(batch(1, 2, 3)), [
    { kind: 'handled' },
    { kind: 'outage', reason: 'not now' },
    { kind: 'handled' },
  ])
})

t.test('one bad member of a batch fails alone', async (t) => {
  const handle = batchHandler(numberOf, async (numbers) => {
    if (numbers.includes(2)) throw new Error('bug')
    return []
  })
  t.match(await handle(batch(1, 2, 3)), [
    { kind: 'handled' },
    { kind: 'failed', reason: 'bug' },
    { kind: 'handled' },
  ])
})

t.test('a refusal of the whole is one for each, but a bug of the other side is a failure', async (t) => {
  const throwing = (err: Error) => batchHandler(numberOf, () => Promise.reject(err))
  t.match(await throwing(new Refusal('invalid', 'x', ''))(batch(1, 2)), [
    { kind: 'refused', code: 'x' },
    { kind: 'refused', code: 'x' },
  ])
  t.match(await throwing(new Refusal('internal', 'internal', ''))(batch(1)), [{ kind: 'failed' }])
})

t.test('an outage is an outage for all, and nobody is tried one by one', async (t) => {
  let calls = 0
  const handle = batchHandler(numberOf, () => {
    calls++
    return Promise.reject(new Refusal('unavailable', 'away', 'away'))
  })
  t.match(await handle(batch(1, 2, 3)), [{ kind: 'outage' }, { kind: 'outage' }, { kind: 'outage' }])
  t.equal(calls, 1)
})

t.test('an outage in the middle of trying one by one ends the trying', async (t) => {
  let calls = 0
  const handle = batchHandler(numberOf, () => {
    calls++
    return Promise.reject(calls === 1 ? new Error('bug') : new Refusal('unavailable', 'away', 'away'))
  })
  const endings = await handle(batch(...Array(200).keys()))
  t.ok(endings.every(({ kind }) => kind === 'outage'))
  t.equal(calls, 2)
})

t.test('batches take what has come, at most so much, and stop hands back the rest', async (t) => {
  const batches = messageBatches(60_000)
  const messages = Array.from({ length: maxBatch * 2 + 5 }, (_, index) => fakeMessage(index))
  for (const message of messages) batches.push(message)
  const sizes: number[] = []
  await batches.run(async (taken) => {
    sizes.push(taken.length)
    if (sizes.length === 2) batches.stop()
  })
  t.same(sizes, [maxBatch, maxBatch], 'the batch in hand is finished')
  batches.handBack()
  t.same(
    messages.slice(-5).flatMap(({ said }) => said),
    Array(5).fill('nak'),
  )
  t.same(messages[0]?.said, [])
})

t.test('a lone message waits for nobody', async (t) => {
  const batches = messageBatches(60_000)
  const running = batches.run(async (taken) => {
    t.equal(taken.length, 1)
    batches.stop()
  })
  const started = performance.now()
  batches.push(fakeMessage())
  await running
  t.ok(performance.now() - started < 500)
})

t.test('a message that waited until the stream handed it out again is not worked on twice', async (t) => {
  let clock = 0
  const batches = messageBatches(100, () => clock)
  const [old, young] = [fakeMessage('old'), fakeMessage('young')]
  batches.push(old)
  clock = 60
  batches.push(young)
  clock = 100
  await batches.run(async (taken) => {
    t.same(taken, [young])
    batches.stop()
  })
  t.same(old.said, [])
})
