import t from 'tap'
import { OrderCreatedSchema } from '../gen/order/v1/events_pb.ts'
import { systemCall, type Call } from './call.ts'
import { eventType } from './event.ts'
import { reactionRpc, reactTo, type Delivered } from './reaction.ts'
import { Refusal } from './refusal.ts'

const created = eventType(OrderCreatedSchema)
const call = systemCall('c')
const stranger: Call = { ...call, actor: { kind: 'user', userId: 'u', role: 'admin' } }

const delivered = (n: unknown, id = `event-${String(n)}`) => ({
  ...{ id, type: created.type, data: { n }, correlationId: 'c-1', traceparent: '00-a-b-01' },
})

function service() {
  const handled: (readonly Delivered[])[] = []
  const parse = (event: Delivered): Delivered => {
    if (typeof event.data.n === 'number') return event
    throw new Refusal('invalid', 'message.nan', 'no number')
  }
  const react = reactTo(created, parse, async (events) => {
    handled.push(events)
    return events.map(({ data }) => {
      if (data.n === 4) return new Refusal('unavailable', 'four', 'four is busy')
      return data.n === 2 ? new Refusal('conflict', 'two', 'no two') : undefined
    })
  })
  return { handled, rpc: reactionRpc({ count: react }, async (seconds) => ({ swept: seconds })) }
}

t.test('events are handled together, and those that are no good are refused beside them', async (t) => {
  const { handled, rpc } = service()
  const events = [
    delivered(1),
    delivered('x'),
    delivered(2),
    { ...delivered(3), type: 'other' },
    delivered(4),
    delivered(5),
  ]
  t.strictSame(await rpc.react({ reaction: 'count', events }, call), {
    refused: [
      { index: 1, code: 'message.nan', reason: 'no number', later: false },
      { index: 2, code: 'two', reason: 'no two', later: false },
      {
        ...{ index: 3, code: 'message.wrong-type', reason: `ce-type must be ${created.type}` },
        later: false,
      },
      { index: 4, code: 'four', reason: 'four is busy', later: true },
    ],
  })
  t.equal(handled.length, 1)
  const trace = { correlationId: 'c-1', causationId: 'event-1', traceparent: '00-a-b-01' }
  t.match(handled[0]?.[0], { data: { n: 1 }, trace }, 'the event is the cause of what it brings about')
})

t.test('nothing to handle, nothing handled', async (t) => {
  const { handled, rpc } = service()
  await rpc.react({ reaction: 'count', events: [delivered('x')] }, call)
  t.equal(handled.length, 0)
})

t.test('a fault is the fault of the call: all of its events come again', async (t) => {
  const parse = () => {
    throw new Error('a bug')
  }
  const rpc = reactionRpc({ count: reactTo(created, parse, async () => []) })
  await t.rejects(rpc.react({ reaction: 'count', events: [delivered(1)] }, call), { message: 'a bug' })
  await t.rejects(rpc.react({ reaction: 'none', events: [] }, call), { message: 'there is no reaction none' })
})

t.test('a sweep answers with how much of what was done', async (t) => {
  const { rpc } = service()
  t.strictSame(await rpc.sweep({ olderThanSeconds: 30 }, call), { swept: [{ what: 'swept', count: 30 }] })
  t.strictSame(await reactionRpc({}).sweep({ olderThanSeconds: 30 }, call), { swept: [] })
})

t.test('only our own processes ask for reactions', async (t) => {
  const { rpc } = service()
  await t.rejects(rpc.react({ reaction: 'count', events: [] }, stranger), { code: 'auth.forbidden' })
  await t.rejects(rpc.sweep({ olderThanSeconds: 1 }, stranger), { code: 'auth.forbidden' })
})
