import { categoryKey } from '../../platform/category-path.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import type { SearchIndex } from '../application/search-index.ts'
import type { BucketDigest, ProductId } from '../domain/document.ts'
import type { Synonyms } from '../domain/synonyms.ts'
import { columnsOf, wordColumns } from './document-columns.ts'
import { postgresFind } from './postgres-find.ts'

/** The index in PostgreSQL, without extensions. */
export function postgresIndex(sql: PoolSql, synonyms: Synonyms, most?: number): SearchIndex {
  return {
    async put(documents, replaces) {
      // In the order of their keys, so that two who store the same do not wait for each other in a circle.
      const rows = documents.map(columnsOf).toSorted((one, other) => (one.id < other.id ? -1 : 1))
      await sql.$executeRawUnsafe(putWordsSql, JSON.stringify(wordColumns(documents)))
      await sql.$executeRawUnsafe(putSql, JSON.stringify(rows), replaces === 'always')
    },
    async remove(ids) {
      await sql.$executeRawUnsafe('delete from search.products where id = any($1::uuid[])', ids)
    },
    find: postgresFind(sql, synonyms, most),
    async digest() {
      return sql.$queryRawUnsafe<BucketDigest[]>(digestSql)
    },
    async versionsIn(buckets) {
      const rows = await sql.$queryRawUnsafe<{ readonly id: ProductId; readonly version: number }[]>(
        versionsSql,
        buckets,
      )
      return new Map(rows.map(({ id, version }) => [id, version]))
    },
    async setCategories(categories) {
      const rows = categories.map((category) => ({ ...category, path_key: categoryKey(category.path) }))
      await sql.$executeRawUnsafe(categoriesSql, JSON.stringify(rows))
    },
    async setSoldOut(ids) {
      return sql.$executeRawUnsafe(soldOutSql, ids)
    },
  }
}

/** It was stored by the version before, and is read anew. */
const isOld = 'category_id is null or attributes is null or group_id is null or folded is null'

const digestSql = `select bucket, count(*)::int as count,
    sum(case when ${isOld} then 0 else mark end)::bigint as sum
  from search.products group by bucket`

const versionsSql = `select id, case when ${isOld} then 0 else version end as version
  from search.products where bucket = any($1::smallint[])`

/** A word that is there was made of the same letters. */
const putWordsSql = `
  insert into search.words (word, variants)
  select word, variants from jsonb_to_recordset($1::jsonb) as given (word text, variants text[])
  where not exists (select from search.words w where w.word = given.word)
  order by word
  on conflict (word) do nothing`

const columns = [
  'version',
  'bucket',
  'mark',
  'sku_key',
  'name_key',
  'name_words',
  'name_size',
  'category_id',
  'group_id',
  'attributes',
  'attribute_keys',
  'price_minor',
  'currency',
  'is_sold_out',
  'folded',
  'band',
]

const putSql = `
  with given as materialized (
    select * from jsonb_to_recordset($1::jsonb) as each (
      id uuid, version int, bucket smallint, mark bigint, sku_key text, name_key text, name_words text, name_size smallint,
      category_id uuid, group_id uuid, attributes jsonb, attribute_keys jsonb, price_minor bigint, currency text, is_sold_out boolean,
      folded text, band smallint
    )
  )
  insert into search.products as p (id, ${columns.join(', ')})
  select id, ${columns.join(', ')} from given order by id
  on conflict (id) do update set ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}
  where p.version < excluded.version or $2::boolean`

/** Who stores a tree that is no longer the newest sees that half a second later, and stores that one. */
const categoriesSql = `
  with given as materialized (
    select * from jsonb_to_recordset($1::jsonb) as each (id uuid, version int, path text, path_key text)
  ), gone as (
    delete from search.categories c where not exists (select from given where given.id = c.id)
  )
  insert into search.categories as c (id, version, path, path_key)
  select id, version, path, path_key from given order by id
  on conflict (id) do update set version = excluded.version, path = excluded.path, path_key = excluded.path_key
  where (c.version, c.path) <> (excluded.version, excluded.path)`

const soldOutSql = `
  update search.products p set is_sold_out = now_out.is_out
  from (
    select id, true as is_out from unnest($1::uuid[]) as given (id)
    union all
    select id, false from search.products where is_sold_out and id <> all ($1::uuid[])
  ) now_out
  where p.id = now_out.id and p.is_sold_out <> now_out.is_out`
