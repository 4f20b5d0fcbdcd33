import type { SearchProductsRequestSchema, SearchService } from '../../gen/search/v1/search_pb.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import type { FollowCategories } from '../application/follow-categories.ts'
import type { IndexProducts } from '../application/index-products.ts'
import type { searchProducts } from '../application/search-products.ts'
import { parseProductId } from '../domain/document.ts'

type SearchApp = {
  readonly searchProducts: ReturnType<typeof searchProducts>
  readonly indexProducts: IndexProducts
  readonly indexCategories: FollowCategories
}

/** As many as a caller may have indexed at once. */
const maxIds = 1_000

export function searchRpc(app: SearchApp): Handlers<typeof SearchService> {
  return {
    async searchProducts(request) {
      const { query: text, sort, limit, after, facets } = request
      const { byFamily = false } = request as Partial<typeof request> // a gateway of an earlier version leaves it out
      const given = { text, filter: parseFilter(request), sort, limit, facets, byFamily }
      const found = await app.searchProducts({ ...given, after: after.length === 0 ? undefined : after })
      return {
        productIds: [...found.ids],
        next: [...(found.next ?? [])],
        facets: found.facets.map(({ field, values }) => ({ field, values: [...values] })),
      }
    },
    async indexProducts({ productIds }) {
      if (productIds.length > maxIds)
        throw new Refusal('invalid', 'search.invalid', `at most ${maxIds} products are indexed at once`)
      await app.indexProducts(productIds.map(parseProductId))
      return {}
    },
    async indexCategories() {
      await app.indexCategories()
      return {}
    },
  }
}

function parseFilter(request: Wire<typeof SearchProductsRequestSchema>) {
  const { category, attributes, minPriceMinor, maxPriceMinor, priceCurrency, inStock } = request
  return {
    ...{ category, attributes: textsIn(attributes), currency: priceCurrency, inStock },
    minPriceMinor: minPriceMinor === undefined ? undefined : parseMinor(minPriceMinor),
    maxPriceMinor: maxPriceMinor === undefined ? undefined : parseMinor(maxPriceMinor),
  }
}

/** A gateway of an earlier version leaves them out. */
const textsIn = (
  attributes: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(attributes ?? {}).map(([name, value]) => [name, String(value)]))

function parseMinor(text: string): bigint {
  if (/^\d{1,18}$/.test(text)) return BigInt(text)
  throw new Refusal('invalid', 'search.invalid', 'a price must be a number of minor units')
}
