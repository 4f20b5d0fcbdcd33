import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import t from 'tap'
import { natsEventStreams } from '../notification/infrastructure/webhooks/event-streams.ts'
import { publishedSubjects } from '../notification/infrastructure/webhooks/published-subjects.ts'
import { brokerUsers } from '../platform/broker-users.ts'
import { newId } from '../platform/new-id.ts'
import { ensureStream } from '../platform/streams.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { testNats } from '../platform/testing/nats-server.ts'
import { testConnection } from '../platform/testing/scope.ts'
import { services } from '../services.ts'

const limits = { replicas: 1, maxBytes: 64 * 1_048_576, maxAgeDays: 14 }

t.test('the notification service may read streams by place and from a time on', async (t) => {
  const server = await testNats(t, { users: brokerUsers(services) })
  const owner = await testConnection(t, server.url)
  const jsm = await jetstreamManager(owner.connection, { checkAPI: false })
  await ensureStream(jsm, 'ORDERS', limits)
  async function publish(id: string, subject = 'order.created', data = '{"a":1}'): Promise<void> {
    const written = headers()
    written.set('ce-id', id)
    written.set('ce-subject', 'an order')
    written.set('ce-time', new Date().toISOString())
    await jetstream(owner.connection).publish(subject, data, { headers: written })
  }
  const ids = [newId(), newId(), newId()]
  for (const id of ids.slice(0, 2)) await publish(id)
  await publish('no id')
  await publish(newId(), 'order.created', 'no JSON')
  await publish(newId(), 'order.created', '{no JSON}')
  const told = Date.now()
  await eventually('the clock has gone on', () => Date.now() > told)
  const between = new Date()
  await publish(ids[2]!)

  const own = await testConnection(t, server.urlOf('notification'), 'notification')
  const streams = natsEventStreams(own, publishedSubjects)
  const { last, incarnation } = await streams.look('ORDERS')
  t.equal(last, 6)
  t.ok(incarnation)
  const { events, seq } = await streams.read('ORDERS', 0, last)
  t.equal(seq, 6)
  t.match(events, [
    { id: ids[0] },
    { id: ids[1], subject: 'order.created', aggregateId: 'an order', data: '{"a":1}' },
    { id: ids[2] },
  ])
  t.equal(events.length, 3, 'what is not ours is left out')
  t.equal(await streams.before('ORDERS', between), 5)
  t.equal(await streams.before('ORDERS', new Date(0)), 0)
  t.equal(await streams.before('ORDERS', new Date(Date.now() + 60_000)), 6)
  t.same(await streams.read('ORDERS', 6, 6), { events: [], seq: 6, mark: '' })
  t.equal(await streams.markAt('ORDERS', 6), (await streams.look('ORDERS')).mark)
})
