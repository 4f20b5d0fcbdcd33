import type { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import { databaseHealth } from '../platform/database-health.ts'
import { openPool, prismaAdapter, type DatabaseOptions } from '../platform/database.ts'
import type { ImageStoreValues } from '../platform/files/image-settings.ts'
import { openImageStore } from '../platform/files/open-image-store.ts'
import type { Log } from '../platform/log.ts'
import { newId } from '../platform/new-id.ts'
import type { WakeProducer } from '../platform/outbox.ts'
import { poolSql } from '../platform/pool-sql.ts'
import type { Scope } from '../platform/run.ts'
import type { Handlers, Health } from '../platform/service.ts'
import { createSignal } from '../platform/signal.ts'
import { inventoryApp } from './application/inventory-app.ts'
import { removeImageFiles, removeUnknownFiles } from './catalogue/application/remove-image-files.ts'
import type { ProductImages } from './catalogue/application/product-images.ts'
import { parseCategoryId, parseFamilyId, parseImageId, parseProductId } from './domain/ids.ts'
import { PrismaClient } from './infrastructure/db/client.ts'
import { runImageRemoval } from './infrastructure/image-removal.ts'
import { inventoryRpc } from './infrastructure/inventory-rpc.ts'
import { postgresCatalogueCopies } from './catalogue/infrastructure/postgres-catalogue-copies.ts'
import { postgresCategories } from './catalogue/infrastructure/postgres-categories.ts'
import { postgresFamilies } from './catalogue/infrastructure/postgres-families.ts'
import { storedImageFiles } from './catalogue/infrastructure/stored-image-files.ts'
import { postgresImages } from './catalogue/infrastructure/postgres-images.ts'
import { postgresProducts } from './catalogue/infrastructure/postgres-products.ts'
import { postgresReservations } from './stock/infrastructure/postgres-reservations.ts'
import { prismaStockLevels } from './stock/infrastructure/prisma-stock-levels.ts'

export type InventoryOptions = ImageStoreValues & {
  readonly log: Log
  readonly database: DatabaseOptions
  /** ISO 4217: what new products are priced in. */
  readonly currency: string
  readonly wakeProducer: WakeProducer
  /** Below so many units, stock is low; 0: never. */
  readonly lowStockUnits: number
  /** What the files of all images may take together. */
  readonly imagesMaxBytes: number
}

export type Inventory = { readonly handlers: Handlers<typeof InventoryService>; readonly health: Health }

/** Connects with the first request. */
export async function openInventoryService(scope: Scope, options: InventoryOptions): Promise<Inventory> {
  const { log, database, currency, wakeProducer, lowStockUnits, imagesMaxBytes } = options
  const pool = openPool(scope, log, database)
  const sql = poolSql(pool)
  const db = new PrismaClient({
    adapter: prismaAdapter(pool),
    // PostgreSQL's own statement timeout comes first, and says why.
    transactionOptions: { timeout: 3 * database.statementTimeoutMs },
  })
  scope.onClose('inventory prisma', () => db.$disconnect())
  const images = postgresImages(sql, wakeProducer)
  const app = inventoryApp({
    images,
    newImageId: () => parseImageId(newId()),
    imagesMaxBytes,
    wakeRemoval: await removeFiles(scope, options, images),
    products: postgresProducts(sql, wakeProducer),
    categories: postgresCategories(sql, wakeProducer),
    families: postgresFamilies(sql, wakeProducer),
    newFamilyId: () => parseFamilyId(newId()),
    newCategoryId: () => parseCategoryId(newId()),
    copies: postgresCatalogueCopies(sql),
    stockLevels: prismaStockLevels(db, wakeProducer, lowStockUnits),
    reservations: postgresReservations(sql, wakeProducer, lowStockUnits),
    newProductId: () => parseProductId(newId()),
    now: () => new Date(),
    currency,
  })
  return {
    handlers: inventoryRpc(app),
    health: databaseHealth('inventory', () => db.$queryRawUnsafe('select 1')),
  }
}

/** Deletes the files of removed images from now on. Returns what makes it look at once. */
async function removeFiles(
  scope: Scope,
  options: InventoryOptions,
  images: ProductImages,
): Promise<() => void> {
  const store = await openImageStore(options)
  if (!store) return () => undefined
  const { log } = options
  const deps = { images, files: storedImageFiles(store), now: () => new Date() }
  const [signal, stop] = [createSignal(), new AbortController()]
  const removal = {
    removeImageFiles: removeImageFiles(deps),
    removeUnknownFiles: removeUnknownFiles(deps),
    ...{ signal, log },
  }
  const running = runImageRemoval(removal, stop.signal)
  scope.watch('image removal', running)
  scope.onClose('image removal', async () => {
    stop.abort()
    await running
  })
  return signal.notify
}
