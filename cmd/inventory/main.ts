import { InventoryService } from '../../internal/gen/inventory/v1/inventory_pb.ts'
import { openInventoryService } from '../../internal/inventory/inventory-service.ts'
import { natsWakeProducer } from '../../internal/platform/wake.ts'
import { databaseOf, runService, serve } from '../service-process.ts'

await runService('inventory', async (scope, process) => {
  const { config, log, nats } = process
  const inventory = await openInventoryService(scope, {
    log,
    database: databaseOf(config, 'inventory'),
    currency: config.currency,
    wakeProducer: natsWakeProducer(nats),
  })
  serve(scope, process, 'inventory', InventoryService, inventory)
})
