import type { Aggregate } from '../domain/aggregate.ts'

/** What has events. */
export const allAggregates: readonly Aggregate[] = [
  {
    service: 'order',
    type: 'order',
    sql: `select id, version, created_at, updated_at from orders.orders`,
  },
  {
    service: 'inventory',
    type: 'reservation',
    sql: `select order_id, version, created_at, updated_at from inventory.reservations`,
  },
  {
    service: 'inventory',
    type: 'product',
    sql: `select id, version, created_at, greatest(updated_at, deleted_at) from inventory.products`,
  },
  {
    service: 'inventory',
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
  {
    service: 'user',
    type: 'user',
    sql: `select id, 1, created_at, created_at from users.accounts`,
  },
]
