import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager, type JsMsg } from '@nats-io/jetstream'
import { errors, nanos, type NatsConnection, type RequestOptions } from '@nats-io/transport-node'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Nats } from '../../platform/nats.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { testNats } from '../../platform/testing/nats-server.ts'
import { testConnection } from '../../platform/testing/scope.ts'
import { ensureStream } from '../../platform/streams.ts'
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
  const source = jetStreamSource(nats)
  await t.rejects(source.lookAtStream('ORDERS'), { message: 'stream not found' }, 'it makes no stream')
  await ensureStream(jsm, 'ORDERS', limits)
  const info = () => jsm.consumers.info('ORDERS', durable.name)
  return { server, nats, jsm, source, info }
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

/** As a cluster in which a consumer loses its leader when somebody has just found it: until `isBack`, what is sent to it is lost. */
function withoutLeader({ connection, isConnected }: Nats) {
  const state = { isBack: false, lost: [] as string[] }
  let isFound = false
  const isLost = (subject: string): boolean => {
    if (!subject.includes('.CONSUMER.')) return false
    const isFirst = !isFound
    isFound = true
    if (isFirst || state.isBack) return false
    state.lost.push(subject)
    return true
  }
  const publish: NatsConnection['publish'] = (subject, payload, options) => {
    if (!isLost(subject)) connection.publish(subject, payload, options)
  }
  const request = async (subject: string, payload: Uint8Array, options: RequestOptions) => {
    if (!isLost(subject)) return connection.request(subject, payload, options)
    await new Promise((resolve) => setTimeout(resolve, options.timeout))
    throw new errors.TimeoutError()
  }
  const instead: Record<PropertyKey, unknown> = { publish, request }
  const lossy = new Proxy(connection, {
    get(target, name): unknown {
      const value: unknown = Reflect.get(target, name)
      return instead[name] ?? (typeof value === 'function' ? (value.bind(target) as unknown) : value)
    },
  })
  return { nats: { connection: lossy, isConnected }, state }
}

t.test('messages come as soon as there is a new leader that can be asked for them', async (t) => {
  const { nats, source } = await open(t)
  await source.ensureDurable(durable)
  await jetstream(nats.connection).publish('order.created', '{}')
  const lossy = withoutLeader(nats)
  const seen: JsMsg[] = []
  const delivery = await jetStreamSource(lossy.nats).consume(durable, (message) => seen.push(message))
  t.teardown(delivery.stop)
  await eventually('a question that nobody answers', () =>
    lossy.state.lost.some((subject) => subject.includes('.INFO.')),
  )
  t.match(lossy.state.lost[0], /MSG\.NEXT/)
  t.equal(seen.length, 0)
  await eventually('the silence is noticed', () => delivery.isSilent())
  lossy.state.isBack = true
  const backAt = performance.now()
  await eventually('the message', () => seen[0])
  t.ok(performance.now() - backAt < 2_000, 'the client alone needs its timeout of 5 s and a pause as long')
  t.notOk(delivery.isSilent())
})

t.test('a broker that has no messages is not silent, and one that has gone is', async (t) => {
  const { server, source } = await open(t)
  await source.ensureDurable(durable)
  const delivery = await source.consume(durable, () => undefined)
  t.teardown(delivery.stop)
  const until = performance.now() + 4_000
  while (performance.now() < until) {
    if (delivery.isSilent()) t.fail('it sends heartbeats')
    await sleep(100)
  }
  await server.kill()
  await eventually('the silence is noticed', () => delivery.isSilent())
  await server.start()
  await eventually('it is heard again', () => !delivery.isSilent())
})
