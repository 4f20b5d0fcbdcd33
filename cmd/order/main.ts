import { InventoryService } from '../../internal/gen/inventory/v1/inventory_pb.ts'
import { OrderService } from '../../internal/gen/order/v1/order_pb.ts'
import { openOrderService } from '../../internal/order/order-service.ts'
import { remote } from '../../internal/platform/rpc.ts'
import { natsWakeProducer } from '../../internal/platform/wake.ts'
import { databaseOf, runService, serve } from '../service-process.ts'

await runService('order', async (scope, process) => {
  const { config, log, nats } = process
  const order = openOrderService(scope, {
    log,
    database: databaseOf(config, 'order'),
    inventory: remote(nats, 'inventory', InventoryService),
    wakeProducer: natsWakeProducer(nats),
  })
  serve(scope, process, 'order', OrderService, order)
})
