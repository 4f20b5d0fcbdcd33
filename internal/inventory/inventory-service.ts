import { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import { UserService } from '../gen/user/v1/user_pb.ts'
import { callerMethods } from '../platform/callers/caller-methods.ts'
import { currencySetting } from '../platform/common-settings.ts'
import { grpcSettings } from '../platform/grpc-settings.ts'
import { imageStoreContradictions, imageStoreSettings } from '../platform/files/image-settings.ts'
import { defineService } from '../platform/service-definition.ts'
import { integer } from '../platform/settings.ts'

const grpc = { variable: 'INVENTORY_GRPC_ADDR', usualPort: 50_051 }

export const inventoryService = defineService({
  name: 'inventory',
  about:
    'The catalogue: products, categories and families. And stock: what is there, what is held for which order, and the ledger.',
  schema: 'inventory',
  contract: InventoryService,
  needs: { user: { contract: UserService, methods: callerMethods } },
  grpc,
  settings: {
    ...grpcSettings(grpc),
    currency: currencySetting,
    lowStockUnits: integer(
      'LOW_STOCK_UNITS',
      5,
      { min: 0, max: 1_000_000 },
      'Staff are told when fewer units of a product can be ordered than this, and there were as many or more before. 0: never.',
    ),
    ...imageStoreSettings,
    imagesMaxBytes: integer(
      'IMAGES_MAX_BYTES',
      10 * 1024 ** 3,
      { min: 0, max: Number.MAX_SAFE_INTEGER },
      'What the files of all uploaded images may take together. Beyond it uploads are refused.',
    ),
  },
  contradictions: imageStoreContradictions,
  aggregates: [
    {
      type: 'low-stock',
      sql: 'select product_id as id, version, created_at, updated_at from inventory.low_stock',
    },
    {
      type: 'reservation',
      sql: 'select order_id as id, version, created_at, updated_at from inventory.reservations',
    },
    {
      type: 'product',
      sql: 'select id, version, created_at, greatest(updated_at, deleted_at) from inventory.products',
    },
    {
      // The database makes categories of what an earlier version writes, and no event tells of their first version.
      type: 'category',
      sql: `select id, case when is_derived and version = 1 then 0 else version end,
        case when is_derived then null else created_at end, updated_at from inventory.categories`,
    },
    {
      type: 'family',
      sql: 'select id, version, created_at, updated_at from inventory.families',
    },
    {
      type: 'stock',
      sql: `
        select s.product_id, s.adjustments, p.created_at, m.at
        from inventory.stock s
        join inventory.products p on p.id = s.product_id
        left join (
          select product_id, max(at) as at from inventory.stock_movements
          where kind in ('restock', 'adjustment') group by product_id
        ) as m on m.product_id = s.product_id`,
    },
  ],
  reactions: [],
  async open(scope, { log, database, settings, wakeProducer }) {
    const { openInventoryService } = await import('./open-inventory-service.ts')
    return openInventoryService(scope, { log, database, wakeProducer, ...settings })
  },
})
