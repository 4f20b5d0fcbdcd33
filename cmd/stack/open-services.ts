import type { Config } from '../../internal/config/config.ts'
import { openConsumerService } from '../../internal/consumer/consumer-service.ts'
import { openGateway } from '../../internal/gateway/gateway.ts'
import { openInventoryService } from '../../internal/inventory/inventory-service.ts'
import { openOrderService } from '../../internal/order/order-service.ts'
import { connectNats } from '../../internal/platform/nats.ts'
import type { Log } from '../../internal/platform/log.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { openProducerService } from '../../internal/producer/producer-service.ts'
import { openUserService } from '../../internal/user/user-service.ts'
import { databaseOf, gatewayOptionsOf, scrubOf, streamLimitsOf } from '../service-process.ts'

export type OpenServices = {
  readonly url: string
  readonly users: Awaited<ReturnType<typeof openUserService>>
  readonly inventory: Awaited<ReturnType<typeof openInventoryService>>
}

/** All services in this process: what travels over NATS between processes is a function call here. */
export async function openServices(scope: Scope, log: Log, config: Config): Promise<OpenServices> {
  const nats = await connectNats(scope, log, config.natsUrl, 'tillstream')
  const streams = streamLimitsOf(config)
  const producer = await openProducerService(scope, {
    log,
    databases: [databaseOf(config, 'producer')],
    nats,
    streams,
    scrub: scrubOf(config),
  })
  const wakeProducer = producer.wake
  const { currency, bcryptCost, sweepIntervalMs, sweepAfterSeconds } = config
  const users = await openUserService(scope, {
    log,
    database: databaseOf(config, 'user'),
    bcryptCost,
    wakeProducer,
  })
  const inventory = await openInventoryService(scope, {
    log,
    database: databaseOf(config, 'inventory'),
    currency,
    wakeProducer,
  })
  const order = openOrderService(scope, {
    log,
    database: databaseOf(config, 'order'),
    inventory: inventory.handlers,
    wakeProducer,
  })
  const consumer = openConsumerService(scope, {
    log,
    database: databaseOf(config, 'consumer'),
    databases: config.databases,
    nats,
    streams,
    inventory: inventory.handlers,
    orders: order.handlers,
    sweepIntervalMs,
    sweepAfterSeconds,
  })
  const gateway = await openGateway(scope, {
    ...gatewayOptionsOf(config),
    log,
    nats,
    users: users.handlers,
    inventory: inventory.handlers,
    orders: order.handlers,
    consumer: consumer.handlers,
    health: {
      user: users.health,
      inventory: inventory.health,
      order: order.health,
      producer: producer.health,
      consumer: consumer.health,
    },
  })
  return { url: gateway.url, users, inventory }
}
