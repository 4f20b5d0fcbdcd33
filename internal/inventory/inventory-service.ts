import { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import { currencySetting } from '../platform/common-settings.ts'
import { defineService } from '../platform/service-definition.ts'

export const inventoryService = defineService({
  name: 'inventory',
  about: 'The catalogue: products. And stock: what is there, what is held for which order, and the ledger.',
  schema: 'inventory',
  contract: InventoryService,
  needs: {},
  settings: { currency: currencySetting },
  aggregates: [
    {
      type: 'reservation',
      sql: 'select order_id as id, version, created_at, updated_at from inventory.reservations',
    },
    {
      type: 'product',
      sql: 'select id, version, created_at, greatest(updated_at, deleted_at) from inventory.products',
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
    return openInventoryService(scope, { log, database, wakeProducer, currency: settings.currency })
  },
})
