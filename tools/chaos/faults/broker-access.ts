import { jetstreamManager, type ConsumerInfo, type JetStreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { natsOptions } from '../../../internal/platform/nats-access.ts'
import { NotExercised } from '../not-exercised.ts'

export async function withNats<Result>(
  natsUrl: string,
  work: (connection: NatsConnection) => Promise<Result>,
): Promise<Result> {
  const connection = await connect({
    ...natsOptions(natsUrl),
    name: 'tillstream-chaos',
    timeout: 2_000,
    reconnect: false,
  })
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}

export const withManager = <Result>(
  natsUrl: string,
  work: (manager: JetStreamManager, connection: NatsConnection) => Promise<Result>,
): Promise<Result> =>
  withNats(natsUrl, async (connection) =>
    work(await jetstreamManager(connection, { checkAPI: false, timeout: 2_000 }), connection),
  )

/** The newest durable of the new orders, which belongs to the present stream incarnation. */
export async function durableOf(manager: JetStreamManager): Promise<ConsumerInfo> {
  const { created } = await manager.streams.info('ORDERS')
  const found: ConsumerInfo[] = []
  for await (const info of manager.consumers.list('ORDERS')) found.push(info)
  const [durable] = found
    .filter(({ name, created: at }) => name.startsWith('settle-created-') && at >= created)
    .sort((a, b) => b.created.localeCompare(a.created))
  if (!durable) throw new NotExercised('nobody consumes order.created')
  return durable
}
