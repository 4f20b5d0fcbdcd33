import { jetstream, type ConsumerInfo } from '@nats-io/jetstream'
import t from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Ending } from '../domain/delivery.ts'
import { allHandled, consuming, gate, handled, idOf } from '../testing/consuming.ts'

// The consume loop with a real broker and the faults of real life.

t.test('a consumer that dies between effect and acknowledgement has its effect repeated', async (t) => {
  const { publish, start, settled } = await consuming(t)
  const held = gate()
  const effects: string[] = []
  const first = await start(
    async (messages) => {
      effects.push(...messages.map(idOf))
      await held.pass()
      return messages.map(() => handled)
    },
    { ackWaitMs: 1_000 },
  )
  await publish('e-1')
  await held.reached()
  await first.nats.connection.close() // it vanishes as after kill -9
  await start(
    async (messages) => {
      effects.push(...messages.map(idOf))
      return messages.map(() => handled)
    },
    { ackWaitMs: 1_000 },
  )
  await eventually('the effect is repeated', () => effects.length === 2)
  t.same(effects, ['e-1', 'e-1'])
  await settled()
  held.open()
})

t.test('an outage is waited for with growing pauses and kills no message', async (t) => {
  const { publish, start, settled } = await consuming(t)
  const times: number[] = []
  const { buried } = await start(async (messages) => {
    times.push(performance.now())
    return messages.map(() => (times.length < 5 ? { kind: 'outage', reason: 'away' } : handled))
  })
  await publish('e-1')
  await settled()
  const pauses = times.slice(1).map((time, index) => time - times[index]!)
  t.equal(times.length, 5)
  for (const [index, least] of [200, 400, 800, 1_600].entries())
    t.ok(pauses[index]! >= least - 5, `${pauses[index]} ms after delivery ${index + 1}`)
  t.same(buried, [])
})

t.test('a message that fails more than ten times is dead, and its batch-mates are not', async (t) => {
  const { publish, start, settled, consumers, nats } = await consuming(t)
  const first = await start(allHandled)
  await eventually('the durable is there', async () => (await consumers()).length === 1)
  await first.end()
  await publish('bad')
  const [{ name }] = (await consumers()) as [ConsumerInfo]
  const consumer = await jetstream(nats.connection).consumers.get('ORDERS', name)
  for (let delivery = 1; delivery <= 10; delivery++) (await consumer.next({ expires: 5_000 }))?.nak()
  const seen: { id: string; deliveries: number }[] = []
  const { buried } = await start(async (messages) => {
    seen.push(...messages.map((message) => ({ id: idOf(message), deliveries: message.info.deliveryCount })))
    return messages.map((message) => (idOf(message) === 'bad' ? { kind: 'failed', reason: 'bug' } : handled))
  })
  await publish('good-1', 'good-2')
  await settled()
  t.match(buried, [{ id: 'bad', code: 'message.failed' }])
  t.same(
    seen.filter(({ id }) => id === 'bad'),
    [{ id: 'bad', deliveries: 11 }],
  )
  t.equal(seen.length, 3)
})

t.test('a batch in which everything fails holds up nothing behind it', async (t) => {
  const { publish, start } = await consuming(t)
  const done: string[] = []
  const { buried } = await start(async (messages) => {
    const good = messages.map(idOf).filter((id) => id === 'good')
    done.push(...good)
    return messages.map((message) => (idOf(message) === 'good' ? handled : { kind: 'failed', reason: 'bug' }))
  })
  await publish(...Array.from({ length: 300 }, (_, index) => `bad-${index}`))
  await publish('good')
  await eventually('the good one is handled', () => done.length === 1)
  t.same(buried, [])
})

t.test('a dead letter that cannot be stored is tried again, and dies once', async (t) => {
  const { publish, start, settled } = await consuming(t)
  const refused: Ending = { kind: 'refused', code: 'message.no-good', reason: 'no' }
  const attempts: string[] = []
  await start(async (messages) => messages.map(() => refused), {
    bury: async (_subscription, _message, _incarnation, code) => {
      attempts.push(code)
      if (attempts.length === 1) throw new Error('the database is away')
    },
  })
  await publish('e-1')
  await settled()
  t.equal(attempts.length, 2)
})

t.test('a handler that breaks has its subscription made anew, and nothing is swallowed', async (t) => {
  const { publish, start, settled } = await consuming(t)
  const deliveries = new Map<string, number>()
  let calls = 0
  const states: boolean[] = []
  await start(
    async (messages) => {
      if (++calls === 1) throw new Error('a bug outside of all guards')
      for (const message of messages) deliveries.set(idOf(message), message.info.deliveryCount)
      return messages.map(() => handled)
    },
    { ackWaitMs: 1_000, onDelivery: (delivery) => void states.push(delivery !== undefined) },
  )
  await publish('e-1')
  await eventually('it is made anew', () => states.length === 3)
  const later = Array.from({ length: 40 }, (_, index) => `later-${index}`)
  await publish(...later)
  await settled()
  t.ok(deliveries.get('e-1')! > 1)
  t.ok(
    later.every((id) => deliveries.get(id) === 1),
    'nothing goes to the loop that is dead',
  )
})
