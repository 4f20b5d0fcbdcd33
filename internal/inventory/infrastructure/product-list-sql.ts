import { Refusal } from '../../platform/refusal.ts'
import type { ProductFilter, ProductPosition, ProductSort } from '../application/products.ts'
import { isStorableText } from '../domain/product-fields.ts'
import { liveProducts, productColumns, type ProductRow } from './product-rows.ts'

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
  price: { key: 'p.price_minor', direction: 'asc', cast: 'bigint', keyOf: (row) => String(row.price_minor) },
  '-price': {
    key: 'p.price_minor',
    direction: 'desc',
    cast: 'bigint',
    keyOf: (row) => String(row.price_minor),
  },
}

/** Few constants instead of a parameter: the planner has to know that a page is short, and plans are kept by text. */
const fetchSizes = [21, 51, 101]

export type ListQuery = { readonly text: string; readonly values: readonly unknown[] }

export function listQuery(
  filter: ProductFilter,
  sort: ProductSort,
  limit: number,
  after: ProductPosition | undefined,
): ListQuery {
  const values: unknown[] = []
  const parameter = (value: unknown, type: string): string => `$${values.push(value)}::${type}`
  const conditions = [...filterConditions(filter, parameter)]
  const order = sort === 'newest' ? undefined : orders[sort]
  const direction = order?.direction ?? 'desc'
  const compare = direction === 'asc' ? '>' : '<'
  if (after && order)
    conditions.push(
      `(${order.key}, p.id) ${compare} (${parameter(keyValue(after.key, order), order.cast)}${
        order.cast === 'text' ? ' collate "C"' : ''
      }, ${parameter(after.id, 'uuid')})`,
    )
  else if (after) conditions.push(`p.id ${compare} ${parameter(after.id, 'uuid')}`)
  const fetchSize = fetchSizes.find((size) => size > limit) ?? limit + 1
  const text = `select ${productColumns} from ${liveProducts}
    where ${['true', ...conditions].join(' and ')}
    order by ${order ? `${order.key} ${direction}, ` : ''}p.id ${direction}
    limit ${fetchSize}`
  return { text, values }
}

export function sortKeyOf(row: ProductRow, sort: ProductSort): string {
  return sort === 'newest' ? row.id : orders[sort].keyOf(row)
}

type Parameter = (value: unknown, type: string) => string

function* filterConditions(filter: ProductFilter, parameter: Parameter): Generator<string> {
  const { category, query, minPriceMinor, maxPriceMinor, inStock } = filter
  if (category !== undefined) yield `p.category = ${parameter(storable('category', category), 'text')}`
  if (query?.trim()) yield `p.search @@ ${searchQuery(storable('query', query), parameter)}`
  if (minPriceMinor !== undefined) yield `p.price_minor >= ${parameter(minPriceMinor, 'bigint')}`
  if (maxPriceMinor !== undefined) yield `p.price_minor <= ${parameter(maxPriceMinor, 'bigint')}`
  if (inStock !== undefined) yield inStock ? 's.available > 0' : 's.available = 0'
}

/**
 * `websearch_to_tsquery` takes any text. A last word of letters and digits is looked for as a beginning too, while somebody
 * is still typing it; it needs no quoting, because `to_tsquery` has no operator made of letters.
 */
function searchQuery(query: string, parameter: Parameter): string {
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
