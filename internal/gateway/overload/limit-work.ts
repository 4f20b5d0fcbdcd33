import type { ConsumerService } from '../../gen/consumer/v1/consumer_pb.ts'
import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import type { OrderService } from '../../gen/order/v1/order_pb.ts'
import type { UserService } from '../../gen/user/v1/user_pb.ts'
import type { Call } from '../../platform/call.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Admission } from './admission.ts'
import type { Limited } from './traffic.ts'

type Handler = (request: never, call: Call) => Promise<unknown>

/** Each call of a service holds a place while it runs; what waits for something else meanwhile holds none. */
function limitWork<Service extends object>(
  admission: Admission,
  handlers: Service,
  trafficOf: (method: string) => Limited,
): Service {
  const entries = Object.entries(handlers as Record<string, Handler>).map(([method, handle]) => {
    const traffic = trafficOf(method)
    const limited: Handler = (request, call) => admission.during(traffic, () => handle(request, call))
    return [method, limited] as const
  })
  return Object.fromEntries(entries) as unknown as Service // the same methods with the same types
}

const placing = new Set(['placeOrder', 'cancelOrder', 'changeOrderStatus'])
const credentials = new Set(['logIn', 'registerUser'])

const trafficOfOrders = (method: string): Limited => (placing.has(method) ? 'orders' : 'others')
const trafficOfUsers = (method: string): Limited => (credentials.has(method) ? 'credentials' : 'others')
const otherTraffic = (): Limited => 'others'

type Services = {
  readonly users: Handlers<typeof UserService>
  readonly inventory: Handlers<typeof InventoryService>
  readonly orders: Handlers<typeof OrderService>
  readonly consumer: Handlers<typeof ConsumerService>
}

export function limitServices(admission: Admission, services: Services): Services {
  const { users, inventory, orders, consumer } = services
  return {
    users: limitWork(admission, users, trafficOfUsers),
    inventory: limitWork(admission, inventory, otherTraffic),
    orders: limitWork(admission, orders, trafficOfOrders),
    consumer: limitWork(admission, consumer, otherTraffic),
  }
}
