import { headers } from '@nats-io/transport-node'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { systemCall } from '../../platform/call.ts'
import { createLog } from '../../platform/log.ts'
import { connectNats } from '../../platform/nats.ts'
import { newId } from '../../platform/new-id.ts'
import { Refusal } from '../../platform/refusal.ts'
import { createScope } from '../../platform/run.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { testNats } from '../../platform/testing/nats-server.ts'
import { order } from '../testing/fake-services.ts'
import type { StreamEvent } from './event-stream.ts'
import { orderStreams } from './order-streams.ts'

const log = createLog('test', 'silent')
const server = await testNats(t)
const scope = createScope(log, () => undefined)
const nats = await connectNats(scope, log, server.url, 'test')
t.teardown(() => scope.close())

/** Time stands still, so that only an event makes anybody look again. */
async function follow(t: Test, lastEventId?: string) {
  const world = { status: 'pending', isReady: true, isAway: false, reads: 0, nowMs: 0 }
  const id = newId()
  const history = () => [
    ...order.history,
    ...(world.status === 'pending' ? [] : [{ status: world.status, at: order.createdAt, reason: '' }]),
  ]
  const getOrder = async () => {
    world.reads++
    if (world.isAway) throw new Refusal('unavailable', 'overloaded', 'later')
    return { order: { ...order, id, history: history() } }
  }
  const streams = orderStreams({ orders: { getOrder }, nats, log, nowMs: () => world.nowMs })
  const sent: StreamEvent[] = []
  const endings: (() => void)[] = []
  const end = (): void => endings.forEach((ending) => ending())
  const stream = {
    ...{ body: new Readable(), mark: () => undefined, end, isReady: () => world.isReady },
    send: (event: StreamEvent) => void sent.push(event),
    onEnd: (ending: () => void) => void endings.push(ending),
  }
  t.teardown(end)
  await streams.follow(stream, id, lastEventId, systemCall('test'))
  return { id, world, streams, names: () => sent.map(({ event }) => event), end }
}

function publish(subject: string, orderId: string, data = '{}'): void {
  const told = headers()
  told.set('ce-subject', orderId)
  nats.connection.publish(subject, data, { headers: told })
}

t.test('what happens to an order is told when its event is heard, and others make nobody look', async (t) => {
  const { id, world, streams, names } = await follow(t)
  world.status = 'confirmed'
  publish('order.confirmed', newId())
  await nats.connection.flush()
  streams.round()
  t.equal(world.reads, 1)
  publish('order.confirmed', id)
  await eventually('it is told', () => {
    streams.round()
    return names().length === 2
  })
  t.same(names(), ['order.pending', 'order.confirmed'])
  t.equal(world.reads, 2)
})

t.test('a parcel and a return of the order make it look, too', async (t) => {
  const { id, world, streams } = await follow(t)
  for (const [index, subject] of ['shipment.shipped', 'return.requested'].entries()) {
    publish(subject, newId(), JSON.stringify({ orderId: id }))
    await eventually('it looks', () => {
      streams.round()
      return world.reads === index + 2
    })
  }
})

t.test('what could not be read or sent comes later', async (t) => {
  const { id, world, streams, names } = await follow(t)
  world.status = 'confirmed'
  world.isAway = true
  publish('order.confirmed', id)
  await eventually('it was tried', () => {
    streams.round()
    return world.reads > 1
  })
  world.isAway = false
  world.isReady = false
  streams.round()
  t.same(names(), ['order.pending'], 'nothing is sent to who does not read')
  world.isReady = true
  await eventually('it is told', () => {
    streams.round()
    return names().includes('order.confirmed')
  })
})

t.test('without any event it looks again after five seconds', async (t) => {
  const { world, streams, names } = await follow(t, '1.unpaid-none-none')
  world.status = 'canceled'
  world.nowMs = 5_000
  streams.round()
  t.equal(world.reads, 1)
  world.nowMs = 5_001
  streams.round()
  await eventually('it is told', () => names().length > 0)
  t.same(names(), ['order.canceled'], 'and not what was seen before')
})

t.test('when nobody follows, nothing is heard', async (t) => {
  const { end } = await follow(t)
  const count = () => nats.connection.stats().inMsgs
  end()
  await nats.connection.flush()
  const before = count()
  publish('order.created', newId())
  await nats.connection.flush()
  t.equal(count(), before)
})
