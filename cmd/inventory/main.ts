import { ConfigError } from '../../internal/config/read.ts'
import { loadConfig, type Config } from '../../internal/config/config.ts'
import { HealthService } from '../../internal/gen/health/v1/health_pb.ts'
import { InventoryService } from '../../internal/gen/inventory/v1/inventory_pb.ts'
import { openInventoryService } from '../../internal/inventory/inventory-service.ts'
import { createLog } from '../../internal/platform/log.ts'
import { connectNats } from '../../internal/platform/nats.ts'
import { serveRpc } from '../../internal/platform/rpc.ts'
import { run, type Scope } from '../../internal/platform/run.ts'
import { natsWakeProducer } from '../../internal/platform/wake.ts'

const service = 'inventory'

try {
  const config = readConfig()
  const log = createLog(service, config.logLevel)
  await run(log, async (scope: Scope) => {
    const nats = await connectNats(scope, log, config.natsUrl, service)
    const { handlers, health } = await openInventoryService(scope, {
      log,
      database: {
        url: config.databases.inventory,
        applicationName: service,
        maxConnections: config.databaseConnections,
        statementTimeoutMs: config.statementTimeoutMs,
      },
      currency: config.currency,
      wakeProducer: natsWakeProducer(nats),
    })
    serveRpc(scope, log, nats, service, HealthService, health)
    serveRpc(scope, log, nats, service, InventoryService, handlers)
  })
} catch (err) {
  if (!(err instanceof ConfigError)) throw err
  process.stderr.write(`${err.message}\n`)
  process.exitCode = 1
}

function readConfig(): Config {
  const config = loadConfig()
  const missing: string[] = []
  if (!config.databases.inventory) missing.push('INVENTORY_DATABASE_URL (or DATABASE_URL)')
  if (!config.natsUrl) missing.push('NATS_URL')
  if (missing.length > 0) throw new ConfigError([`${missing.join(' and ')} must be set`])
  return config
}
