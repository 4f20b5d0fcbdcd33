import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import type { OrderService } from '../../gen/order/v1/order_pb.ts'
import { systemCall, type Trace } from '../../platform/call.ts'
import { failpoint } from '../../platform/failpoint.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Decision, Inventory, Orders } from '../application/ports.ts'
import type { CreatedOrder, OrderId, ProductId } from '../domain/created-order.ts'

// The consumer's commands to the services that own the state.

export function commandedInventory(inventory: Handlers<typeof InventoryService>): Inventory {
  return {
    async reserve(orders) {
      const wanted = orders.map(({ orderId, lines, trace }) => ({ orderId, lines, ...idsOf(trace) }))
      const { decisions } = await inventory.reserveStock({ orders: wanted }, systemCall(''))
      // Our own service's answer; its contract names these outcomes.
      return decisions as readonly Decision[]
    },
    async release(ids) {
      await inventory.releaseStock({ orderIds: ids }, systemCall(''))
    },
  }
}

export function commandedOrders(orders: Handlers<typeof OrderService>): Orders {
  return {
    async settle(settlements) {
      failpoint('reserve-settle')
      const wanted = settlements.map(({ trace, ...settlement }) => ({ ...settlement, ...idsOf(trace) }))
      const { unknownOrderIds } = await orders.settleOrders({ settlements: wanted }, systemCall(''))
      return unknownOrderIds as readonly OrderId[]
    },
    async unsettled(olderThanSeconds, limit) {
      const found = await orders.listUnsettledOrders({ olderThanSeconds, limit }, systemCall(''))
      return found.orders.map(({ id, items }): CreatedOrder => {
        const lines = items.map(({ productId, quantity }) => ({
          productId: productId as ProductId,
          quantity,
        }))
        return {
          orderId: id as OrderId,
          lines,
          trace: { correlationId: id, causationId: '', traceparent: '' },
        }
      })
    },
    async unreleased(olderThanSeconds, limit) {
      const found = await orders.listUnreleasedOrders({ olderThanSeconds, limit }, systemCall(''))
      return found.orderIds as readonly OrderId[]
    },
    async markReleased(ids) {
      await orders.markReleased({ orderIds: ids }, systemCall(''))
    },
  }
}

const idsOf = ({ correlationId, causationId }: Trace) => ({ correlationId, causationId })
