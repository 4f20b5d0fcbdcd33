import { Type } from 'typebox'
import { productText } from '../limits.ts'
import { pageQuery } from '../schemas.ts'

const PriceBound = Type.Number({
  minimum: 0,
  description: "An amount of the shop's currency; products that have another one are left out",
})

export const ListProductsQuery = Type.Object(
  {
    category: Type.Optional(
      Type.String({
        maxLength: productText.category,
        description: 'A path, in upper or lower case: what is in this category and in those below it',
      }),
    ),
    q: Type.Optional(
      Type.String({
        maxLength: productText.search,
        description:
          'Words, each of which is a part of the name, the sku or the description, or nearly; then the usual sort is relevance',
      }),
    ),
    minPrice: Type.Optional(PriceBound),
    maxPrice: Type.Optional(PriceBound),
    inStock: Type.Optional(Type.Boolean()),
    sort: Type.Optional(Type.Enum(['relevance', 'newest', 'name', 'price', '-price'])),
    groupBy: Type.Optional(
      Type.Enum(['family'], {
        description:
          'One product of each family, with those that are in none: by relevance the one that fits best, then one that can be ordered, then the cheapest. Facets count so, too',
      }),
    ),
    facets: Type.Optional(
      Type.String({
        maxLength: 700,
        description:
          'What is counted beside the list, with commas between: category, price, attributes.<name>. A list is filtered by attributes.<name>=<value>',
        examples: ['category,price'],
      }),
    ),
    ...pageQuery,
  },
  {
    additionalProperties: false,
    patternProperties: { '^attributes\\.[a-z][A-Za-z0-9_-]{0,39}$': { type: 'string' } },
  },
)
