import { bucketSql, markSql } from '../../../platform/copy-digest.ts'
import type { Sql } from '../../../platform/database.ts'
import type { ProductId } from '../../domain/ids.ts'
import type {
  BucketDigest,
  CatalogueCopies,
  ProductColumns,
  ProductVersion,
} from '../application/catalogue-copies.ts'

/** So many ids fit into one message. */
const soldOutAtOnce = 10_000

export function postgresCatalogueCopies(sql: Sql): CatalogueCopies {
  return {
    digest: () => sql.$queryRawUnsafe<BucketDigest[]>(digestSql),
    versionsIn: (buckets) => sql.$queryRawUnsafe<ProductVersion[]>(versionsSql, buckets),
    async soldOutMark() {
      const [row] = await sql.$queryRawUnsafe<{ readonly mark: string }[]>(soldOutMarkSql)
      return row?.mark ?? ''
    },
    async columns() {
      const [row] = await sql.$queryRawUnsafe<ProductColumns[]>(columnsSql)
      return row ?? { options: [], attributes: [] }
    },
    async soldOut(after) {
      const rows = await sql.$queryRawUnsafe<{ readonly id: ProductId }[]>(soldOutSql, after ?? zeroId)
      return {
        productIds: rows.slice(0, soldOutAtOnce).map(({ id }) => id),
        hasMore: rows.length > soldOutAtOnce,
      }
    },
  }
}

/** Before all others. */
const zeroId = '00000000-0000-0000-0000-000000000000'

const digestSql = `
  select ${bucketSql('id')} as bucket, count(*)::int as count, sum(${markSql(`id || ':' || version`)})::bigint as sum
  from inventory.products where deleted_at is null group by 1`

const versionsSql = `
  select id, version from inventory.products where deleted_at is null and ${bucketSql('id')} = any($1::int[])`

/** Equal counts and equal sums of other products would be a coincidence of one in four thousand million. */
const soldOutMarkSql = `
  select count(*) || ' ' || coalesce(sum(${markSql('product_id::text')}), 0) as mark from inventory.sold_out`

const namesIn = (column: string): string => `array(
  select distinct key collate "C" from inventory.products, jsonb_object_keys(${column}) as key
  where deleted_at is null and ${column} is not null order by 1)`

const columnsSql = `select ${namesIn('options')} as options, ${namesIn('attributes')} as attributes`

const soldOutSql = `
  select p.id from inventory.sold_out s join inventory.products p on p.id = s.product_id
  where s.product_id > $1::uuid and p.deleted_at is null order by s.product_id limit ${soldOutAtOnce + 1}`
