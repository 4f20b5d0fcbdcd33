import { openGateway } from '../../internal/gateway/gateway.ts'
import { ConsumerService } from '../../internal/gen/consumer/v1/consumer_pb.ts'
import { HealthService } from '../../internal/gen/health/v1/health_pb.ts'
import { InventoryService } from '../../internal/gen/inventory/v1/inventory_pb.ts'
import { OrderService } from '../../internal/gen/order/v1/order_pb.ts'
import { UserService } from '../../internal/gen/user/v1/user_pb.ts'
import { remote } from '../../internal/platform/rpc.ts'
import { gatewayOptionsOf, runService } from '../service-process.ts'

const services = ['user', 'inventory', 'order', 'producer', 'consumer'] as const

/** The audit of some hundred thousand orders takes a few seconds. */
const auditTimeoutMs = 60_000

await runService('gateway', async (scope, { config, log, nats }) => {
  const { url } = await openGateway(scope, {
    ...gatewayOptionsOf(config),
    log,
    nats,
    users: remote(nats, 'user', UserService),
    inventory: remote(nats, 'inventory', InventoryService),
    orders: remote(nats, 'order', OrderService),
    consumer: remote(nats, 'consumer', ConsumerService, { timeoutMs: auditTimeoutMs }),
    health: Object.fromEntries(services.map((name) => [name, remote(nats, name, HealthService)])),
  })
  log.info({ url }, 'listening')
})
