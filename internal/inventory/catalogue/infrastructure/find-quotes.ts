import type { Sql } from '../../../platform/database.ts'
import type { ProductId } from '../../domain/ids.ts'
import type { Quote } from '../application/products.ts'
import { liveProducts, quoteFromRow, type QuoteRow } from './product-rows.ts'

const selectQuotes = (more: string): string => `
  select p.id, p.sku, p.name, p.category, p.price_minor, p.currency, p.weight_grams, s.available${more}
  from ${liveProducts}
  where p.id = any ($1::uuid[]) and s.product_id = any ($1::uuid[])`

const quoteSql = selectQuotes('')
const quoteWithImagesSql = selectQuotes(`, coalesce(
  (select '/images/' || i.id || '/card' from inventory.product_images i
    where i.product_id = p.id and i.state = 'shown' order by i.id limit 1), p.images[1]) as image`)

export async function findQuotes(
  sql: Sql,
  ids: readonly ProductId[],
  withImages: boolean,
): Promise<ReadonlyMap<ProductId, Quote>> {
  const rows = await sql.$queryRawUnsafe<QuoteRow[]>(withImages ? quoteWithImagesSql : quoteSql, ids)
  return new Map(rows.map((row) => [row.id, quoteFromRow(row)]))
}
