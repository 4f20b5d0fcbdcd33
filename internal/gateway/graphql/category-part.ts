import type { Static } from 'typebox'
import { Category } from '../routes/category-schemas.ts'
import type { Part } from './part.ts'

type Tree = { readonly data: readonly Static<typeof Category>[] }

export const categoryPart = (): Part => ({
  sdl: ({ types }) => `
    ${types({ Category })}
    extend type Query {
      "The whole tree, each category before those below it"
      categories: [Category!]
      category(id: ID!): Category
    }`,
  queries: {
    categories: {
      asks: ['listCategories'],
      resolve: async (_args, ask) => ((await ask('listCategories')) as Tree).data,
    },
    category: {
      asks: ['getCategory'],
      resolve: ({ id }: { readonly id: string }, ask) => ask('getCategory', { params: { id } }),
    },
  },
})
