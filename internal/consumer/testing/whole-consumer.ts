import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import type { Test } from 'tap'
import { OrderCanceledSchema, OrderCreatedSchema } from '../../gen/order/v1/events_pb.ts'
import { systemCall } from '../../platform/call.ts'
import { eventType } from '../../platform/event.ts'
import { newId } from '../../platform/new-id.ts'
import { reaction, reactionRpc, reactTo, type Delivered } from '../../platform/reaction.ts'
import { Refusal } from '../../platform/refusal.ts'
import { ensureStream } from '../../platform/streams.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { testNats } from '../../platform/testing/nats-server.ts'
import { silent, testConnection, testScope } from '../../platform/testing/scope.ts'
import { openConsumerService } from '../open-consumer-service.ts'
import { admin } from './fixtures.ts'

const limits = { replicas: 1, maxBytes: 104_857_600, maxAgeDays: 14 }
export const createdType = 'tillstream.order.created.v1'
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

/** The whole consumer with a real broker and a real database, and a service with two reactions that records its events. */
export async function wholeConsumer(t: Test, url: string, { sweepIntervalMs = 3_600_000 } = {}) {
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
    wakeProducer: () => undefined,
    sweepIntervalMs,
    ...{ sweepAfterSeconds: 30, imagesDir: '' },
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

export const goodOrder = () => ({ id: newId(), items: [{ productId: newId(), quantity: 1 }] })
