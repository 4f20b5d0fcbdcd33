import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager, type JsMsg } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import t, { type Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import { testNats } from '../../platform/testing/nats-server.ts'
import { testConnection } from '../../platform/testing/scope.ts'
import { jetStreamSource, type Durable } from './message-source.ts'

const limits = { replicas: 1, maxBytes: 104_857_600, maxAgeDays: 14 }
const durable: Durable = {
  stream: 'ORDERS',
  name: 'settle-created-1',
  subject: 'order.created',
  ackWaitMs: 30_000,
}

async function open(t: Test) {
  const server = await testNats(t)
  const nats = await testConnection(t, server.url)
  const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
  const source = jetStreamSource(nats, limits)
  await source.ensureStream('ORDERS')
  const info = () => jsm.consumers.info('ORDERS', durable.name)
  return { nats, jsm, source, info }
}

/** Refuses messages until one has been delivered so often, and keeps that one. */
async function refuseUntil(t: Test, source: ReturnType<typeof jetStreamSource>, deliveries: number) {
  const seen: number[] = []
  let kept: JsMsg | undefined
  const delivery = await source.consume(durable, (message) => {
    seen.push(message.info.deliveryCount)
    if (message.info.deliveryCount < deliveries) message.nak()
    else kept = message
  })
  t.teardown(delivery.stop)
  const message = await eventually(`delivery ${deliveries}`, () => kept)
  return { seen, message }
}

t.test('a message that an outage has handed back more than fifty times still comes', async (t) => {
  const { nats, source, info } = await open(t)
  await source.ensureDurable(durable)
  await jetstream(nats.connection).publish('order.created', '{}')
  const { seen, message } = await refuseUntil(t, source, 120)
  t.same(
    seen,
    [...Array(120).keys()].map((index) => index + 1),
  )
  t.equal(await message.ackAck(), true)
  t.match(await info(), { num_pending: 0, num_ack_pending: 0 })
})

t.test(
  'a durable of an earlier version, which gives up after fifty, is brought up to date and goes on',
  async (t) => {
    const { nats, jsm, source, info } = await open(t)
    await jsm.consumers.add('ORDERS', {
      durable_name: durable.name,
      filter_subject: durable.subject,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(durable.ackWaitMs),
      max_deliver: 50,
      max_ack_pending: 2_048,
    })
    await jetstream(nats.connection).publish('order.created', '{}')
    await jetstream(nats.connection).publish('order.created', '{}')
    const first = await (await jetstream(nats.connection).consumers.get('ORDERS', durable.name)).next()
    await first?.ackAck()
    await Promise.all([source.ensureDurable(durable), source.ensureDurable(durable)])
    await source.ensureDurable(durable)
    t.match(await info(), { config: { max_deliver: -1, max_ack_pending: 2_048 }, num_pending: 1 })
    const { message } = await refuseUntil(t, source, 60)
    t.equal(message.seq, 2, 'what was acknowledged before is not delivered again')
  },
)
