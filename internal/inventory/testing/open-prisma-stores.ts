import type { Test } from 'tap'
import { openPool, prismaAdapter } from '../../platform/database.ts'
import { createLog } from '../../platform/log.ts'
import type { OutboxEvent } from '../../platform/outbox.ts'
import { poolSql } from '../../platform/pool-sql.ts'
import { createScope } from '../../platform/run.ts'
import { PrismaClient } from '../infrastructure/db/client.ts'
import { postgresCategories } from '../catalogue/infrastructure/postgres-categories.ts'
import { postgresFamilies } from '../catalogue/infrastructure/postgres-families.ts'
import { postgresImages } from '../catalogue/infrastructure/postgres-images.ts'
import { postgresProducts } from '../catalogue/infrastructure/postgres-products.ts'
import { postgresReservations } from '../stock/infrastructure/postgres-reservations.ts'
import { prismaStockLevels } from '../stock/infrastructure/prisma-stock-levels.ts'
import type { Movement } from './inventory-tables.ts'
import type { InventoryStores } from './fixtures.ts'

export type PrismaStores = InventoryStores & { readonly db: PrismaClient; readonly wakeUps: () => number }

/** The adapters on a database, as one replica has them. */
export function openPrismaStores(t: Test, url: string, lowUnits?: number): PrismaStores {
  const log = createLog('test', 'silent')
  const scope = createScope(log, (err) => t.error(err))
  const options = { url, applicationName: 'inventory', maxConnections: 5, statementTimeoutMs: 10_000 }
  const pool = openPool(scope, log, options)
  const sql = poolSql(pool)
  const db = new PrismaClient({
    adapter: prismaAdapter(pool),
    transactionOptions: { maxWait: 10_000, timeout: 30_000 },
  })
  scope.onClose('prisma', () => db.$disconnect())
  t.teardown(() => scope.close())
  let wakeUps = 0
  const wake = (): void => {
    wakeUps++
  }
  return {
    products: postgresProducts(sql, wake),
    categories: postgresCategories(sql, wake),
    families: postgresFamilies(sql, wake),
    images: postgresImages(sql, wake),
    stockLevels: prismaStockLevels(db, wake, lowUnits),
    reservations: postgresReservations(sql, wake, lowUnits),
    events: () => db.$queryRawUnsafe<OutboxEvent[]>(eventsSql),
    movements: () => db.$queryRawUnsafe<Movement[]>(movementsSql),
    db,
    wakeUps: () => wakeUps,
  }
}

const eventsSql = `select id, aggregate_type as "aggregateType", aggregate_id as "aggregateId",
  aggregate_version as "aggregateVersion", subject, type, occurred_at as "occurredAt", data::jsonb as data,
  jsonb_build_object('correlationId', correlation_id, 'causationId', causation_id, 'traceparent', traceparent) as headers
  from producer.outbox order by seq`

const movementsSql = `select product_id as "productId", order_id as "orderId", kind, quantity,
  idempotency_key as "idempotencyKey" from inventory.stock_movements order by id`
