import { Type, type Static } from 'typebox'
import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import type { SearchProductsResponseSchema, SearchService } from '../../gen/search/v1/search_pb.ts'
import type { Call } from '../../platform/call.ts'
import { toDecimal, toMinor } from '../../platform/money.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import { pageLength } from '../limits.ts'
import type { ListProductsQuery } from './list-products-query.ts'
import { productBody, type Product } from './product-schemas.ts'

export type SearchDeps = {
  readonly inventory: Pick<Handlers<typeof InventoryService>, 'readProducts'>
  readonly search: Pick<Handlers<typeof SearchService>, 'searchProducts'>
  readonly currency: string
}

type ListQuery = Static<typeof ListProductsQuery>

type Page = {
  readonly data: Static<typeof Product>[]
  /** Empty on the last page. */
  readonly next: readonly string[]
  readonly facets?: Static<typeof Facets>
}

export const Facets = Type.Array(
  Type.Object({
    field: Type.String(),
    values: Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() })),
  }),
  {
    description:
      'How many products the list would have for each value, whatever the same filter is now. A price is a band such as 10-19.99: its bounds are minPrice and maxPrice',
  },
)

/** What is listed by words, by relevance, by attributes, by families or with facets is found by the search service. */
export const isSearch = ({ q, sort, facets, groupBy, ...rest }: ListQuery): boolean =>
  (q ?? '').trim() !== '' ||
  sort === 'relevance' ||
  (facets ?? '') !== '' ||
  groupBy !== undefined ||
  Object.keys(attributesIn(rest)).length > 0

/** What the list is filtered by, by name. */
export function attributesIn(query: ListQuery): Readonly<Record<string, string>> {
  const entries = Object.entries(query).flatMap(([name, value]) =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), String(value)] as const] : [],
  )
  return Object.fromEntries(entries)
}

const prefix = 'attributes.'

/** The sort of a list that asks for none. */
export const usualSort = ({ q }: ListQuery): 'relevance' | 'newest' =>
  (q ?? '').trim() === '' ? 'newest' : 'relevance'

/** The products that the index finds, as the catalogue has them now. */
export async function searchPage(
  deps: SearchDeps,
  query: ListQuery,
  after: readonly string[] | undefined,
  call: Call,
): Promise<Page> {
  const found = await deps.search.searchProducts(requestOf(query, deps.currency, after), call)
  const data = await productsAt(deps.inventory, found.productIds, call)
  const page = { data, next: found.next }
  return query.facets === undefined ? page : { ...page, facets: facetsOf(found, deps.currency) }
}

/** In the order of the ids. One that has just been deleted is left out. */
export async function productsAt(
  inventory: SearchDeps['inventory'],
  productIds: readonly string[],
  call: Call,
): Promise<Static<typeof Product>[]> {
  const products = new Map<string, Static<typeof Product>>()
  for (let ids: readonly string[] = productIds; ids.length > 0;) {
    const answer = await inventory.readProducts({ ids: [...ids] }, call)
    for (const product of answer.products) products.set(product.id, productBody(product))
    ids = answer.unreadIds
  }
  return productIds.flatMap((id) => products.get(id) ?? [])
}

function requestOf(query: ListQuery, currency: string, after: readonly string[] | undefined) {
  const { category, q = '', minPrice, maxPrice, inStock, sort, limit, facets = '', groupBy } = query
  const minor = (amount: number | undefined): string | undefined =>
    amount === undefined ? undefined : String(toMinor(amount, currency))
  const fields = facets
    .split(',')
    .map((field) => field.trim())
    .filter(Boolean)
  const isAboutPrices = minPrice !== undefined || maxPrice !== undefined || fields.includes('price')
  return {
    ...{ query: q, category, attributes: attributesIn(query), inStock, facets: fields },
    minPriceMinor: minor(minPrice),
    maxPriceMinor: minor(maxPrice),
    priceCurrency: isAboutPrices ? currency : undefined,
    sort: sort ?? usualSort(query),
    limit: limit ?? pageLength.default,
    after: [...(after ?? [])],
    byFamily: groupBy === 'family',
  }
}

function facetsOf(
  { facets }: Wire<typeof SearchProductsResponseSchema>,
  currency: string,
): Static<typeof Facets> {
  return facets.map(({ field, values }) => ({
    field,
    values: values.map(({ value, count }) => ({
      value: field === 'price' ? bandOf(value, currency) : value,
      count,
    })),
  }))
}

/** 1000-1999 in minor units becomes 10-19.99. */
const bandOf = (band: string, currency: string): string =>
  band
    .split('-')
    .map((minor) => (minor === '' ? '' : String(toDecimal(BigInt(minor), currency))))
    .join('-')
