import { openConsumerService } from '../../internal/consumer/consumer-service.ts'
import { ConsumerService } from '../../internal/gen/consumer/v1/consumer_pb.ts'
import { InventoryService } from '../../internal/gen/inventory/v1/inventory_pb.ts'
import { OrderService } from '../../internal/gen/order/v1/order_pb.ts'
import { remote } from '../../internal/platform/rpc.ts'
import { databaseOf, runService, serve, streamLimitsOf } from '../service-process.ts'

await runService('consumer', async (scope, process) => {
  const { config, log, nats } = process
  const consumer = openConsumerService(scope, {
    log,
    database: databaseOf(config, 'consumer'),
    databases: config.databases,
    nats,
    streams: streamLimitsOf(config),
    inventory: remote(nats, 'inventory', InventoryService),
    orders: remote(nats, 'order', OrderService),
    sweepIntervalMs: config.sweepIntervalMs,
    sweepAfterSeconds: config.sweepAfterSeconds,
  })
  serve(scope, process, 'consumer', ConsumerService, consumer)
})
