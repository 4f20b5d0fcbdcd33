import { createHash } from 'node:crypto'
import type { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import type { OrderService } from '../gen/order/v1/order_pb.ts'
import { openPool, prismaAdapter, type DatabaseOptions } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { newId } from '../platform/new-id.ts'
import type { WakeProducer } from '../platform/outbox.ts'
import { poolSql } from '../platform/pool-sql.ts'
import type { Scope } from '../platform/run.ts'
import type { Handlers, Health } from '../platform/service.ts'
import { cancelOrder, changeOrderStatus } from './application/change-orders.ts'
import { holdBack } from './application/hold-back.ts'
import { placeOrder } from './application/place-order.ts'
import { getOrder, listOrders } from './application/read-orders.ts'
import { settleOrders } from './application/settle-orders.ts'
import { listUnreleased, listUnsettled, markReleased } from './application/sweep-orders.ts'
import type { OrderId } from './domain/order.ts'
import { PrismaClient } from './infrastructure/db/client.ts'
import { inventoryCatalog } from './infrastructure/inventory-catalog.ts'
import { orderHealth } from './infrastructure/order-health.ts'
import { orderRpc } from './infrastructure/order-rpc.ts'
import { prismaOrders } from './infrastructure/prisma-orders.ts'

export type OrderServiceOptions = {
  readonly log: Log
  readonly database: DatabaseOptions
  readonly inventory: Handlers<typeof InventoryService>
  readonly wakeProducer: WakeProducer
}

/** Three times what 64 customers who never pause leave undecided, and settled within half a second (docs/adr/0013). */
const holdBackLimits = { undecided: 1_024, forgottenAfterMs: 1_000 }

/** The order service, wired: the one place that knows which adapter stands behind which port. */
export function openOrderService(
  scope: Scope,
  { log, database, inventory, wakeProducer }: OrderServiceOptions,
): { readonly handlers: Handlers<typeof OrderService>; readonly health: Health } {
  const pool = openPool(scope, log, database)
  const db = new PrismaClient({ adapter: prismaAdapter(pool) })
  scope.onClose('order prisma', () => db.$disconnect())
  const deps = {
    orders: prismaOrders(db, poolSql(pool), wakeProducer),
    catalog: inventoryCatalog(inventory),
    newOrderId: () => newId() as OrderId,
    now: () => new Date(),
    digest: (text: string) => createHash('sha256').update(text).digest('base64url'),
  }
  const handlers = orderRpc({
    ...holdBack({ placeOrder: placeOrder(deps), settleOrders: settleOrders(deps) }, holdBackLimits),
    getOrder: getOrder(deps),
    listOrders: listOrders(deps),
    cancelOrder: cancelOrder(deps),
    changeOrderStatus: changeOrderStatus(deps),
    listUnsettled: listUnsettled(deps),
    listUnreleased: listUnreleased(deps),
    markReleased: markReleased(deps),
  })
  return { handlers, health: orderHealth(() => db.$queryRawUnsafe('select 1'), deps.orders, deps.now) }
}
