import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import type { OrderService } from '../../gen/order/v1/order_pb.ts'
import type { Handlers } from '../../platform/service.ts'

/** Of whom links ask. All else asks endpoints. */
export type Services = {
  readonly inventory: Pick<Handlers<typeof InventoryService>, 'readProducts' | 'readFamilies'>
  readonly orders: Pick<Handlers<typeof OrderService>, 'listPaymentsOfOrders' | 'listShipmentsOfOrders'>
}
