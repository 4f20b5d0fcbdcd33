import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { jetstream, type JetStreamManager } from '@nats-io/jetstream'
import { headers, type NatsConnection } from '@nats-io/transport-node'
import { NotExercised } from '../not-exercised.ts'
import type { Fault } from '../field.ts'
import { countOf, waitFor } from '../wait.ts'
import { withManager, withNats } from './broker-access.ts'
import { query } from '../../shared/database.ts'
import { pidOf } from './process-faults.ts'

const type = 'tillstream.order.created.v1'

/** Each message is wrong in another way. The last one is well formed, but its order does not exist. */
const poisons = (product: string) => [
  { type, data: '{"order": {' },
  { type, data: '[]' },
  { type: 'tillstream.order.created.v9', data: '{"order": {}}' },
  { type, data: JSON.stringify({ order: { id: 'no id', items: [{ productId: product, quantity: 1 }] } }) },
  { type, data: JSON.stringify({ order: { id: randomUUID(), items: [] } }) },
  {
    type,
    data: JSON.stringify({ order: { id: randomUUID(), items: [{ productId: product, quantity: -1 }] } }),
  },
  {
    type,
    data: JSON.stringify({ order: { id: randomUUID(), items: [{ productId: randomUUID(), quantity: 1 }] } }),
  },
  {
    type,
    data: JSON.stringify({ order: { id: randomUUID(), items: [{ productId: product, quantity: 1 }] } }),
  },
]

/**
 * Publishes poison messages. Each must become a dead letter exactly once while good messages go on, and none may
 * reduce the stock permanently.
 */
export const poison: Fault = async ({ natsUrl, nats, databaseUrl, products }, random) => {
  await pidOf(nats)
  const messages = poisons(random.pick(products()))
  const ids = messages.map(() => randomUUID())
  await withNats(natsUrl, async (connection) => {
    for (const [index, message] of messages.entries()) {
      const written = headers()
      for (const [name, value] of [
        ['ce-id', ids[index] ?? ''],
        ['ce-type', message.type],
        ['Nats-Msg-Id', ids[index] ?? ''],
      ] as const)
        written.set(name, value)
      await jetstream(connection).publish('order.created', message.data, { headers: written })
    }
  })
  const sql = 'select count(*)::int as count from consumer.dead_letters where event_id = any($1)'
  await waitFor(`${ids.length} dead letters`, 60_000, async () => {
    const [row] = await query<{ count: number }>(databaseUrl, sql, [ids])
    return row?.count === ids.length
  })
  return `${ids.length} messages became dead letters, each once`
}

export const oversize: Fault = async ({ natsUrl, nats }) => {
  await pidOf(nats)
  return withNats(natsUrl, async (connection) => {
    const tooLargeFor = async (bytes: number): Promise<string> => {
      const sent = jetstream(connection).publish('order.created', Buffer.alloc(bytes, 0x20))
      const refusal = await sent.then(
        () => undefined,
        (err: unknown) => (err instanceof Error ? err.message : String(err)),
      )
      if (refusal === undefined) throw new NotExercised(`${bytes} bytes were taken`)
      return `${bytes} bytes: ${refusal}`
    }
    return [await tooLargeFor(1_020_000), await tooLargeFor(2_000_000)].join('; ')
  })
}

const fullForMs = [3_000, 5_000] as const

/** Sets a low limit again and again, because the product restores its own limit. */
export const fillStream: Fault = async ({ natsUrl, nats }, random) => {
  await pidOf(nats)
  const until = performance.now() + random.integer(...fullForMs)
  const refusals = await withManager(natsUrl, async (manager, connection) => {
    let count = 0
    while (performance.now() < until) {
      await takeNoMore(manager)
      await fillUp(connection)
      const full = performance.now() + 1_000
      while (performance.now() < Math.min(full, until)) {
        if (await isRefused(connection)) count++
        await sleep(50)
      }
    }
    return count
  })
  if (refusals === 0) throw new NotExercised('the stream accepted everything')
  // The product's own watch of the streams has to restore the limit.
  await waitFor('ORDERS has its limit again', 30_000, () =>
    withManager(natsUrl, async (manager) => {
      const { config, state } = await manager.streams.info('ORDERS')
      return config.max_bytes > state.bytes + 1_000_000
    }),
  )
  return `ORDERS refused ${refusals} times for want of space`
}

/**
 * More than what arrives between the two requests. A limit below what is stored would make the stream delete its
 * oldest messages.
 */
const roomBytes = 262_144

async function takeNoMore(manager: JetStreamManager): Promise<void> {
  const { state } = await manager.streams.info('ORDERS')
  await manager.streams.update('ORDERS', { max_bytes: state.bytes + roomBytes })
}

/** Larger than the event of an order, because there may be room left for a small message. */
const probe = 'is there room?'.padEnd(4_096)

/** Fills the stream faster than orders alone would. */
const filler = 'there is room'.padEnd(roomBytes / 8)

async function fillUp(connection: NatsConnection): Promise<void> {
  for (let sent = 0; sent < 16 && !(await isRefused(connection, filler)); sent++);
}

async function isRefused(connection: NatsConnection, text = probe): Promise<boolean> {
  const sent = jetstream(connection).publish('order.chaos-probe', text)
  const refusal = await sent.then(
    () => '',
    (err: unknown) => String(err),
  )
  return countOf(refusal, /maximum bytes exceeded/g) > 0
}

/**
 * Fills the disk of the store. nats-server 2.9 then neither stores nor answers, and logs nothing. It may need a
 * restart to go on.
 */
export const fillNatsDisk: Fault = async ({ disks, nats, natsUrl }, random) => {
  if (!disks.nats) throw new NotExercised('NATS has no small disk')
  await pidOf(nats)
  const bytes = await disks.nats.fill()
  let trouble: string
  try {
    trouble = await withNats(natsUrl, (connection) =>
      waitFor('a message is not stored', 30_000, async () => storeTrouble(connection)),
    )
    await sleep(random.integer(1_000, 3_000))
  } finally {
    await disks.nats.free()
    await nats.end('SIGTERM')
    await nats.start()
  }
  return `${bytes} bytes filled the disk, and a message was not stored: ${trouble}`
}

const probeBytes = 100_000

async function storeTrouble(connection: NatsConnection): Promise<string | undefined> {
  const probe = Buffer.alloc(probeBytes, 0x20)
  const sent = jetstream(connection).publish('order.chaos-probe', probe, { timeout: 1_000 })
  return sent.then(
    () => undefined,
    (err: unknown) => String(err),
  )
}
