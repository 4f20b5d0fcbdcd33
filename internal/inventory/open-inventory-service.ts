import type { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import { databaseHealth } from '../platform/database-health.ts'
import { openPool, prismaAdapter, type DatabaseOptions } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { newId } from '../platform/new-id.ts'
import type { WakeProducer } from '../platform/outbox.ts'
import { poolSql } from '../platform/pool-sql.ts'
import type { Scope } from '../platform/run.ts'
import type { Handlers, Health } from '../platform/service.ts'
import { inventoryApp } from './application/inventory-app.ts'
import { parseProductId } from './domain/ids.ts'
import { PrismaClient } from './infrastructure/db/client.ts'
import { inventoryRpc } from './infrastructure/inventory-rpc.ts'
import { postgresProducts } from './catalogue/infrastructure/postgres-products.ts'
import { postgresReservations } from './stock/infrastructure/postgres-reservations.ts'
import { prismaStockLevels } from './stock/infrastructure/prisma-stock-levels.ts'

export type InventoryOptions = {
  readonly log: Log
  readonly database: DatabaseOptions
  /** ISO 4217: what new products are priced in. */
  readonly currency: string
  readonly wakeProducer: WakeProducer
}

export type Inventory = { readonly handlers: Handlers<typeof InventoryService>; readonly health: Health }

/** Connects with the first request. */
export async function openInventoryService(scope: Scope, options: InventoryOptions): Promise<Inventory> {
  const { log, database, currency, wakeProducer } = options
  const pool = openPool(scope, log, database)
  const sql = poolSql(pool)
  const db = new PrismaClient({
    adapter: prismaAdapter(pool),
    // PostgreSQL's own statement timeout comes first, and says why.
    transactionOptions: { timeout: 3 * database.statementTimeoutMs },
  })
  scope.onClose('inventory prisma', () => db.$disconnect())
  const app = inventoryApp({
    products: postgresProducts(sql, wakeProducer),
    stockLevels: prismaStockLevels(db, wakeProducer),
    reservations: postgresReservations(sql, wakeProducer),
    newProductId: () => parseProductId(newId()),
    now: () => new Date(),
    currency,
  })
  return {
    handlers: inventoryRpc(app),
    health: databaseHealth('inventory', () => db.$queryRawUnsafe('select 1')),
  }
}
