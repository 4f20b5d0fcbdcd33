import { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import { OrderCanceledSchema, OrderCreatedSchema } from '../gen/order/v1/events_pb.ts'
import {
  ReturnReceivedSchema,
  ShipmentCanceledSchema,
  ShipmentPackedSchema,
} from '../gen/order/v1/fulfilment_events_pb.ts'
import { OrderService } from '../gen/order/v1/order_pb.ts'
import { reaction } from '../platform/reaction.ts'
import { defineService } from '../platform/service-definition.ts'

export const orderService = defineService({
  name: 'order',
  about: 'Orders, their lines and the history of their status; shipments and returns.',
  schema: 'orders',
  contract: OrderService,
  needs: {
    inventory: {
      contract: InventoryService,
      methods: ['quoteProducts', 'reserveStock', 'releaseStock', 'bookReturns'],
    },
  },
  settings: {},
  aggregates: [
    { type: 'order', sql: 'select id, version, created_at, updated_at from orders.orders' },
    { type: 'shipment', sql: 'select id, version, created_at, updated_at from orders.shipments' },
    { type: 'return', sql: 'select id, version, created_at, updated_at from orders.returns' },
  ],
  reactions: [
    reaction('settle-created', OrderCreatedSchema),
    reaction('release-canceled', OrderCanceledSchema),
    reaction('release-short', ShipmentPackedSchema),
    reaction('release-unpacked', ShipmentCanceledSchema),
    reaction('book-returned', ReturnReceivedSchema),
  ],
  async open(scope, { log, database, needs, wakeProducer }) {
    const { openOrderService } = await import('./open-order-service.ts')
    return openOrderService(scope, { log, database, wakeProducer, inventory: needs.inventory })
  },
})
