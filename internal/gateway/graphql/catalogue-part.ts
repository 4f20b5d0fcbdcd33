import type { Static } from 'typebox'
import { Refusal } from '../../platform/refusal.ts'
import { ListProductsQuery } from '../routes/list-products-query.ts'
import { Product } from '../routes/product-schemas.ts'
import { Facets } from '../routes/product-search.ts'
import { pageOf, pageSdl, type RestPage } from './pages.ts'
import type { Ask, Part, Query } from './part.ts'

type ProductBody = Static<typeof Product>
type ProductPage = RestPage<ProductBody> & { readonly facets?: Static<typeof Facets> }

export const cataloguePart = (): Part => ({
  sdl: ({ types, args }) => `
    ${types({ Product, Facet: Facets.items })}
    ${pageSdl('Product', 'facets: [Facet!]')}
    "Only products of which this attribute has this value, in whatever case"
    input AttributeFilter {
      name: String!
      value: String!
    }
    extend type Query {
      "Find products; facets is what is counted beside the list, with commas between: category, price"
      products(${args(ListProductsQuery)}, attributes: [AttributeFilter!]): ProductPage
      "Show one product, by its id or its sku"
      product(id: ID, sku: String): Product
    }`,
  queries: { products, product },
})

const products: Query = {
  asks: ['listProducts'],
  async resolve({ attributes, ...args }: ProductsArgs, ask) {
    const query = { ...args, ...attributesOf(attributes ?? []) }
    const body = (await ask('listProducts', { query })) as ProductPage
    return { ...pageOf(body), facets: body.facets }
  },
}

type AttributeFilter = { readonly name: string; readonly value: string }
type ProductsArgs = Readonly<Record<string, unknown>> & {
  readonly attributes?: readonly AttributeFilter[] | null
}

/** As parameters of the address have them. */
function attributesOf(filters: readonly AttributeFilter[]): Readonly<Record<string, string>> {
  if (new Set(filters.map(({ name }) => name)).size < filters.length)
    throw new Refusal('invalid', 'request.invalid', 'a product has one value of each attribute')
  return Object.fromEntries(filters.map(({ name, value }) => [`attributes.${name}`, value]))
}

const product: Query = {
  asks: ['getProduct', 'listProducts'],
  async resolve({ id, sku }: { readonly id?: string | null; readonly sku?: string | null }, ask) {
    if (typeof id === 'string' && typeof sku !== 'string') return ask('getProduct', { params: { id } })
    if (typeof sku === 'string' && typeof id !== 'string') return productWithSku(sku, ask)
    throw new Refusal('invalid', 'request.invalid', 'say either the id or the sku of the product')
  },
}

/** The index puts what has exactly this SKU before everything else. */
async function productWithSku(sku: string, ask: Ask): Promise<ProductBody> {
  const { data } = (await ask('listProducts', { query: { q: sku, first: 5 } })) as ProductPage
  const found = data.find((each) => each.sku === sku)
  if (!found) throw new Refusal('not-found', 'product.not-found', 'there is no such product')
  return found
}
