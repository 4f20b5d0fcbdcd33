import { categoryKey } from '../../../platform/category-path.ts'
import type { Sql } from '../../../platform/database.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { isReadable, isStorable } from '../../../platform/text.ts'
import type { ProductFilter, ProductPosition, ProductSort } from '../application/products.ts'
import { catalogueColumns, selectProduct, type ProductRow } from './product-rows.ts'

type Order = {
  /** As the index has it. */
  readonly key: string
  readonly direction: 'asc' | 'desc'
  readonly cast: string
  readonly keyOf: (row: ProductRow) => string
}

/** Collation "C" has the same order on every server, whatever its locale; lower-casing makes it fit for people. */
const nameKey = 'lower(p.name collate "C")'

const orders: Readonly<Record<Exclude<ProductSort, 'newest'>, Order>> = {
  name: { key: nameKey, direction: 'asc', cast: 'text', keyOf: (row) => asciiLower(row.name) },
  price: { key: 'p.price_minor', direction: 'asc', cast: 'bigint', keyOf: (row) => row.price_minor },
  '-price': {
    key: 'p.price_minor',
    direction: 'desc',
    cast: 'bigint',
    keyOf: (row) => row.price_minor,
  },
}

/** Few constants instead of a parameter: the planner has to know that a page is short, and plans are kept by text. */
const fetchSizes = [21, 51, 101]

type ListFilter = Omit<ProductFilter, 'category'> & { readonly categoryIds: readonly string[] | undefined }

export type ListQuery = { readonly text: string; readonly values: readonly unknown[] }

/**
 * The page is cut before stock is joined, so that the plan is always: walk an index in the list's order, stop, look up
 * the stock of what is on the page.
 */
export function listQuery(
  filter: ListFilter,
  sort: ProductSort,
  limit: number,
  after: ProductPosition | undefined,
): ListQuery {
  const values: unknown[] = []
  const parameter: Parameter = (value, type) => `$${values.push(value)}::${type}`
  const order = sort === 'newest' ? undefined : orders[sort]
  const direction = order?.direction ?? 'desc'
  const conditions = ['p.deleted_at is null', ...filterConditions(filter, parameter)]
  if (after) conditions.push(afterCondition(after, order, direction, parameter))
  const orderBy = `order by ${order ? `${order.key} ${direction}, ` : ''}p.id ${direction}`
  const fetchSize = fetchSizes.find((size) => size > limit) ?? limit + 1
  const cut = (more: readonly string[]): string => `select ${catalogueColumns} from inventory.products p
    where ${[...conditions, ...more].join(' and ')} ${orderBy} limit ${fetchSize}`
  const page = filter.query?.trim()
    ? searchedPage(parameter(storable('query', filter.query), 'text'), cut)
    : cut([])
  const text = `${selectProduct(`(${page}) p join inventory.stock s on s.product_id = p.id`)}
    ${orderBy} limit ${fetchSize}`
  return { text, values }
}

/** Products with the searched words that are fetched and sorted; with more of them, the list is walked in its order. */
const maxHits = 1_000

/**
 * A product is found when each word of the query is a part of its name, its SKU or its description, as the functions of the
 * migration `text` fold them. They take any text. Where they find no word in it, the query is as good as blank.
 * How rare a word is shows only when the products with it are counted; the index gives up soon after `maxHits`. Fetching
 * them is faster than walking the list while they are few, and slower when they are many.
 */
function searchedPage(query: string, cut: (more: readonly string[]) => string): string {
  const count = '(select count(*) from hits)'
  const isFound = `(select f.folded like all ((select patterns from asked)::text[])
    from inventory.product_search f where f.product_id = p.id)`
  return `with words as materialized (
      select inventory.search_terms(${query}) as terms
    ), asked as materialized (
      select inventory.search_asked(terms) as grams, inventory.search_patterns(terms) as patterns from words
    ), hits as materialized (
      select product_id as id from inventory.product_search
      where grams @@ (select grams from asked) and folded like all ((select patterns from asked)::text[])
      limit ${maxHits + 1}
    )
    (${cut([`${count} <= ${maxHits}`, 'p.id = any (array(select id from hits))'])})
    union all
    (${cut([`(${count} > ${maxHits} or (select grams from asked) is null)`, isFound])})`
}

export function sortKeyOf(row: ProductRow, sort: ProductSort): string {
  return sort === 'newest' ? row.id : orders[sort].keyOf(row)
}

/** The category at this path and those below it, in whatever case and form of Unicode it is written. */
export async function categoriesWithin(sql: Sql, path: string): Promise<readonly string[]> {
  const key = categoryKey(storable('category', path))
  const rows = await sql.$queryRawUnsafe<{ readonly id: string }[]>(withinSql, key)
  return rows.map(({ id }) => id)
}

const withinSql = `select id from inventory.categories
  where deleted_at is null and (path_key = $1 or starts_with(path_key, $1 || '/'))`

/** With one category the list is walked in the order of an index. */
function inCategories(ids: readonly string[], parameter: Parameter): string {
  const [only, ...others] = ids
  const isOne = only !== undefined && others.length === 0
  return isOne
    ? `p.category_id = ${parameter(only, 'uuid')}`
    : `p.category_id = any (${parameter(ids, 'uuid[]')})`
}

type Parameter = (value: unknown, type: string) => string

function* filterConditions(filter: ListFilter, parameter: Parameter): Generator<string> {
  const { categoryIds, minPriceMinor, maxPriceMinor, priceCurrency, inStock } = filter
  if (categoryIds) yield inCategories(categoryIds, parameter)
  if (minPriceMinor !== undefined) yield `p.price_minor >= ${parameter(minPriceMinor, 'bigint')}`
  if (maxPriceMinor !== undefined) yield `p.price_minor <= ${parameter(maxPriceMinor, 'bigint')}`
  if (priceCurrency !== undefined) yield `p.currency = ${parameter(priceCurrency, 'text')}`
  if (inStock !== undefined) {
    const available = '(select available from inventory.stock where product_id = p.id)'
    yield `${available} ${inStock ? '> 0' : '= 0'}`
  }
}

function afterCondition(
  { key, id }: ProductPosition,
  order: Order | undefined,
  direction: Order['direction'],
  parameter: Parameter,
): string {
  const compare = direction === 'asc' ? '>' : '<'
  if (!order) return `p.id ${compare} ${parameter(id, 'uuid')}`
  const from = [parameter(keyValue(key, order), order.cast), parameter(id, 'uuid')]
  return `(${order.key}, p.id) ${compare} (${from.join(', ')})`
}

function storable(parameter: string, text: string): string {
  if (isStorable(text)) return text
  throw new Refusal('invalid', 'products.invalid-filter', `${parameter} must be text`, { parameter })
}

/** A cursor goes through the caller's hands. */
function keyValue(key: string, order: Order): string | bigint {
  if (order.cast === 'text' ? isReadable(key) : /^\d{1,18}$/.test(key))
    return order.cast === 'text' ? key : BigInt(key)
  throw new Refusal('invalid', 'products.invalid-cursor', 'the cursor is not one of ours')
}

/** What `lower` does under collation "C". */
function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
