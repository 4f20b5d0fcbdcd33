import type { Static } from 'typebox'
import { FamilyWithProducts, familyWithProducts } from '../routes/family-schemas.ts'
import { pageOf, pageSdl, type RestPage } from './pages.ts'
import type { Link, Part, Query } from './part.ts'
import type { Services } from './services.ts'

type Family = Static<typeof FamilyWithProducts>

export function familyPart(services: Services, product: Link): Part {
  const family = familyLink(services)
  const own = { ...family, keyOf: ({ id }: { readonly id: string }) => id }
  return {
    sdl: ({ types }) => `
      ${types({ Family: FamilyWithProducts })}
      ${pageSdl('Family')}
      extend type Product {
        "Null when it is in none"
        family: Family
      }
      extend type FamilyProduct {
        "All that is shown of it"
        product: Product
      }
      extend type Query {
        "Newest first"
        families(first: Int, after: String): FamilyPage
        family(id: ID!): Family
      }`,
    queries: { families, family: familyById },
    links: {
      'Product.family': family,
      // A page of families has them without their products.
      'Family.values': { ...own, show: (found: Family | null) => found?.values ?? [] },
      'Family.products': { ...own, show: (found: Family | null) => found?.products ?? [] },
      'FamilyProduct.product': { ...product, keyOf: ({ id }: { readonly id: string }) => id },
    },
  }
}

const families: Query = {
  asks: ['listFamilies'],
  resolve: async (args: Readonly<Record<string, unknown>>, ask) =>
    pageOf((await ask('listFamilies', { query: args })) as RestPage<unknown>),
}

const familyById: Query = {
  asks: ['getFamily'],
  resolve: ({ id }: { readonly id: string }, ask) => ask('getFamily', { params: { id } }),
}

/** The family of a product with its options and products, as the catalogue has it now. */
const familyLink = ({ inventory }: Services): Link => ({
  like: 'getFamily',
  none: null,
  keyOf: ({ familyId }: { readonly familyId?: string }) => familyId,
  async read(keys, call) {
    const found = new Map<string, unknown>()
    for (let ids = [...keys]; ids.length > 0;) {
      const { families: read, unreadIds } = await inventory.readFamilies({ ids }, call)
      for (const family of read) found.set(family.family.id, familyWithProducts(family))
      ids = [...unreadIds]
    }
    return found
  },
})
