import { Type, type Static } from 'typebox'
import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import type { SearchService } from '../../gen/search/v1/search_pb.ts'
import { toMinor } from '../../platform/money.ts'
import type { Handlers } from '../../platform/service.ts'
import { anyCategory, anyProduct, anyStock } from '../catalogue-changes.ts'
import type { Cursors, List } from '../cursor.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes, pageLength } from '../limits.ts'
import { etagOf, expectedVersion } from '../preconditions.ts'
import { IdParams, pageOf, refTo } from '../schemas.ts'
import { ListProductsQuery } from './list-products-query.ts'
import {
  CreateProductBody,
  IfMatchHeader,
  Product,
  productBody,
  UpdateProductBody,
} from './product-schemas.ts'
import { attributesIn, Facets, isSearch, searchPage, usualSort } from './product-search.ts'

export type ProductDeps = {
  readonly inventory: Handlers<typeof InventoryService>
  readonly search: Handlers<typeof SearchService>
  readonly cursors: Cursors
  readonly currency: string
}

export function productRoutes(deps: ProductDeps): readonly Endpoint[] {
  return [...catalogRoutes(deps), ...editingRoutes(deps)]
}

function catalogRoutes(deps: ProductDeps): readonly Endpoint[] {
  const { inventory, cursors, currency } = deps
  return [
    endpoint({
      method: 'GET',
      path: '/products',
      access: 'anyone',
      tag: 'products',
      id: 'listProducts',
      summary: 'Find products',
      query: ListProductsQuery,
      counts: 'searches',
      status: 200,
      response: ProductPage,
      async handle({ query }, call) {
        const list = listOf(query)
        if (isSearch(query)) {
          const { data, next, facets } = await searchPage(deps, query, cursors.read(list, query.cursor), call)
          const nextCursor = cursors.write(list, next.length === 0 ? undefined : next)
          return { body: facets ? { data, nextCursor, facets } : { data, nextCursor } }
        }
        const [afterKey, afterId] = cursors.read(list, query.cursor) ?? []
        const request = { ...filterOf(query, currency), afterKey, afterId }
        const { products, nextKey, nextId } = await inventory.listProducts(request, call)
        const next = nextId === undefined ? undefined : [nextKey ?? '', nextId]
        return { body: { data: products.map(productBody), nextCursor: cursors.write(list, next) } }
      },
      shows: ({ data }, { inStock, groupBy }) => [
        anyProduct,
        ...(inStock === undefined && groupBy === undefined ? [] : [anyStock]),
        ...data.map(({ id }) => id),
      ],
    }),
    endpoint({
      method: 'GET',
      path: '/products/:id',
      access: 'anyone',
      tag: 'products',
      id: 'getProduct',
      summary: 'Show one product, with its ETag',
      params: IdParams,
      counts: 'views',
      status: 200,
      response: refTo(Product),
      async handle({ params }, call) {
        const { product } = await inventory.getProduct(params, call)
        return { body: productBody(product), headers: { etag: etagOf(product) } }
      },
      shows: ({ id }) => [id, anyCategory],
    }),
  ]
}

function editingRoutes({ inventory, currency }: ProductDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/products',
      access: 'staff',
      permission: 'products:write',
      tag: 'products',
      id: 'createProduct',
      summary: 'Add a product with its opening stock',
      takesIdempotencyKey: true,
      bodyBytes: bodyBytes.product,
      body: CreateProductBody,
      status: 201,
      response: refTo(Product),
      async handle({ body: { price, ...body } }, call) {
        const priceMinor = String(toMinor(price, currency))
        const request = { sku: '', description: '', images: [], ...body, priceMinor }
        const { product, replayed } = await inventory.createProduct(request, call)
        const headers = { location: `/products/${product.id}`, etag: etagOf(product) }
        return { body: productBody(product), headers, isReplay: replayed }
      },
    }),
    endpoint({
      method: 'PATCH',
      path: '/products/:id',
      access: 'staff',
      permission: 'products:write',
      tag: 'products',
      id: 'updateProduct',
      summary: "Change a product's data; absent fields stay as they are",
      params: IdParams,
      headers: IfMatchHeader,
      bodyBytes: bodyBytes.product,
      body: UpdateProductBody,
      status: 200,
      response: refTo(Product),
      async handle({ params, headers, body: { price, images, attributes, familyId, ...body } }, call) {
        const request = {
          ...body,
          ...params,
          // In the product's currency, which need not be the one of the settings.
          price: price === undefined ? undefined : String(price),
          images: { replace: images !== undefined, urls: images ?? [] },
          familyId: familyId ?? undefined,
          leavesFamily: familyId === null,
          attributes: { replace: attributes !== undefined, values: attributes ?? {} },
          expectedVersion: expectedVersion(headers['if-match']),
        }
        const { product } = await inventory.updateProduct(request, call)
        return { body: productBody(product), headers: { etag: etagOf(product) } }
      },
    }),
    deleting(inventory),
  ]
}

function deleting(inventory: ProductDeps['inventory']): Endpoint {
  return endpoint({
    method: 'DELETE',
    path: '/products/:id',
    access: 'staff',
    permission: 'products:write',
    tag: 'products',
    id: 'deleteProduct',
    summary: 'Delete a product; its orders keep it',
    params: IdParams,
    headers: IfMatchHeader,
    status: 204,
    response: Type.Null(),
    async handle({ params, headers }, call) {
      const version = expectedVersion(headers['if-match'])
      await inventory.deleteProduct({ ...params, expectedVersion: version }, call)
      return { body: null }
    },
  })
}

type ListQuery = Static<typeof ListProductsQuery>

const ProductPage = Type.Object({ ...pageOf(Product).properties, facets: Type.Optional(Facets) })

/** The facets are no part of it: they do not change which products come. But they may change who is asked for them. */
const listOf = (query: ListQuery): List => [
  isSearch(query) ? 'found products' : 'products',
  query.category,
  ...Object.entries(attributesIn(query)).sort().flat(),
  query.q,
  query.minPrice,
  query.maxPrice,
  query.inStock,
  query.sort ?? usualSort(query),
  ...(query.groupBy === undefined ? [] : [query.groupBy]),
]

function filterOf({ category, minPrice, maxPrice, inStock, sort, limit }: ListQuery, currency: string) {
  const minor = (amount: number | undefined): string | undefined =>
    amount === undefined ? undefined : String(toMinor(amount, currency))
  return {
    category,
    minPriceMinor: minor(minPrice),
    maxPriceMinor: minor(maxPrice),
    priceCurrency: minPrice === undefined && maxPrice === undefined ? undefined : currency,
    inStock,
    sort: sort ?? 'newest',
    limit: limit ?? pageLength.default,
  }
}
