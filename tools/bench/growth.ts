import type pg from 'pg'
import { products } from './options.ts'
import type { Progress } from '../shared/progress.ts'
import { openingStock, seedProducts, seedUsers } from '../shared/seed.ts'
import { growthSql, outboxDaysSql } from './growth-sql.ts'

const chunk = 20_000
/** There is one product and one customer for so many orders. */
const ordersEach = 10

/** Makes a past of `orders` orders. Returns the products to be bought now, which are spread over all products. */
export async function seedGrowth(
  client: pg.Client,
  orders: number,
  progress: Progress,
): Promise<{ readonly productIds: readonly string[]; readonly userIds: readonly string[] }> {
  const many = Math.max(products, Math.ceil(orders / ordersEach))
  const [productIds, userIds] = await progress.during(
    `adding ${many} products and as many users`,
    async () => [await seedProducts(client, 1, many, openingStock), await seedUsers(client, many)],
  )
  await progress.during(`adding ${orders} orders`, async (tell) => {
    await client.query(outboxDaysSql)
    await client.query(`create temporary table sold as
      select row_number() over () - 1 as n, id, sku, name, price_minor from inventory.products where sku like 'BENCH-%'`)
    await client.query(
      `create temporary table customer as select row_number() over () - 1 as n, id from users.accounts`,
    )
    await client.query('alter table sold add primary key (n)')
    await client.query('alter table customer add primary key (n)')
    await client.query('analyze sold, customer')
    for (let first = 1; first <= orders; first += chunk) {
      await client.query(growthSql, [first, Math.min(orders, first + chunk - 1), orders])
      tell(`${Math.min(orders, first + chunk - 1)}`)
    }
    await client.query(`
      update inventory.stock s set available = m.sum
      from (select product_id, sum(quantity)::int as sum from inventory.stock_movements group by product_id) as m
      where m.product_id = s.product_id and s.available <> m.sum`)
    await client.query('drop table sold, customer')
    await client.query('vacuum analyze')
    await client.query('checkpoint')
  })
  const step = Math.floor(productIds.length / products)
  return {
    productIds: Array.from({ length: products }, (_, index) => productIds[index * step] ?? ''),
    userIds,
  }
}
