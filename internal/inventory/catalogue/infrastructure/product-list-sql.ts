import { Refusal } from '../../../platform/refusal.ts'
import type { ProductFilter, ProductPosition, ProductSort } from '../application/products.ts'
import { isStorableText } from '../../domain/storable-text.ts'
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

export type ListQuery = { readonly text: string; readonly values: readonly unknown[] }

/**
 * The page is cut before stock is joined, so that the plan is always: walk an index in the list's order, stop, look up
 * the stock of what is on the page.
 */
export function listQuery(
  filter: ProductFilter,
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
  const page = filter.query?.trim() ? searchedPage(searchQuery(filter.query, parameter), cut) : cut([])
  const text = `${selectProduct(`(${page}) p join inventory.stock s on s.product_id = p.id`)}
    ${orderBy} limit ${fetchSize}`
  return { text, values }
}

/** Products with the searched words that are fetched and sorted; with more of them, the list is walked in its order. */
const maxHits = 1_000

/**
 * PostgreSQL can't know how rare an unfinished word is, so it is counted first: of 100,000 products, walking the list for a
 * word that none has takes 50 ms, sorting all of them for a word that all have 40 ms; this takes 0.2 ms and 7 ms.
 * `is true` keeps the second half from using the search's index.
 */
function searchedPage(query: string, cut: (more: readonly string[]) => string): string {
  const found = `search @@ ${query}`
  const count = '(select count(*) from hits)'
  return `with hits as materialized (
      select id from inventory.products where deleted_at is null and ${found} limit ${maxHits + 1}
    )
    (${cut([`${count} <= ${maxHits}`, 'p.id = any (array(select id from hits))'])})
    union all
    (${cut([`${count} > ${maxHits}`, `(${found}) is true`])})`
}

export function sortKeyOf(row: ProductRow, sort: ProductSort): string {
  return sort === 'newest' ? row.id : orders[sort].keyOf(row)
}

type Parameter = (value: unknown, type: string) => string

function* filterConditions(filter: ProductFilter, parameter: Parameter): Generator<string> {
  const { category, minPriceMinor, maxPriceMinor, inStock } = filter
  if (category !== undefined) yield `p.category = ${parameter(storable('category', category), 'text')}`
  if (minPriceMinor !== undefined) yield `p.price_minor >= ${parameter(minPriceMinor, 'bigint')}`
  if (maxPriceMinor !== undefined) yield `p.price_minor <= ${parameter(maxPriceMinor, 'bigint')}`
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

/**
 * `websearch_to_tsquery` takes any text. A last word of letters and digits is looked for as a beginning too, while somebody
 * is still typing it; it needs no quoting, because `to_tsquery` has no operator made of letters.
 */
function searchQuery(text: string, parameter: Parameter): string {
  const query = storable('query', text)
  const [, before, last] = /^(.*\s)?([\p{L}\p{N}]+)$/su.exec(query.trim()) ?? []
  const isPlain = last !== undefined && !/["-]|\bor\s+$/iu.test(before ?? '')
  if (!isPlain) return `websearch_to_tsquery('simple', ${parameter(query, 'text')})`
  const prefix = `to_tsquery('simple', ${parameter(`${last}:*`, 'text')})`
  return before ? `(websearch_to_tsquery('simple', ${parameter(before, 'text')}) && ${prefix})` : prefix
}

function storable(parameter: string, text: string): string {
  if (isStorableText(text)) return text
  throw new Refusal('invalid', 'products.invalid-filter', `${parameter} must be text`, { parameter })
}

/** A cursor goes through the caller's hands. */
function keyValue(key: string, order: Order): string | bigint {
  if (order.cast === 'text' ? isStorableText(key) : /^\d{1,18}$/.test(key))
    return order.cast === 'text' ? key : BigInt(key)
  throw new Refusal('invalid', 'products.invalid-cursor', 'the cursor is not one of ours')
}

/** What `lower` does under collation "C". */
function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
