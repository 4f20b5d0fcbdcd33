import { newId } from '../../platform/new-id.ts'
import type { SearchIndex } from '../application/search-index.ts'
import { pathsAbove } from '../../platform/category-path.ts'
import type { Category, CategoryId, Document, ProductId } from '../domain/document.ts'
import { createQuery, type Filter, type Query } from '../domain/query.ts'

export const newProductId = (): ProductId => newId() as ProductId

const categories = new Map<string, Category>()

/** The category at this path. Each path has one. */
export function categoryAt(path: string): Category {
  const category = categories.get(path) ?? { id: newId() as CategoryId, version: 1, path }
  categories.set(path, category)
  return category
}

/** The categories of these documents, and those above them. */
export function treeOf(documents: readonly Document[]): readonly Category[] {
  const ids = new Set(documents.map(({ categoryId }) => categoryId))
  const own = [...categories.values()].filter(({ id }) => ids.has(id)).map(({ path }) => path)
  return [...new Set(own.flatMap((path) => [...pathsAbove(path), path]))].map(categoryAt)
}

export const document = ({
  category = 'lights',
  ...wanted
}: Partial<Document> & { readonly category?: string }): Document => ({
  ...{ id: newProductId(), version: 1, sku: newId(), name: 'Lamp', description: '' },
  categoryId: categoryAt(category).id,
  familyId: undefined,
  attributes: {},
  ...{ priceMinor: 250n, currency: 'EUR', isSoldOut: false },
  ...wanted,
})

export const query = (text: string, wanted: Partial<Query> = {}): Query =>
  createQuery({
    text,
    filter: {},
    sort: 'relevance',
    limit: 100,
    after: undefined,
    facets: [],
    byFamily: false,
    ...wanted,
  })

/** The names of what is found, among the given products. */
export async function namesFound(
  { find }: Pick<SearchIndex, 'find'>,
  documents: readonly Document[],
  text: string,
  wanted: Partial<Query> & { readonly filter?: Filter } = {},
): Promise<readonly string[]> {
  const { ids } = await find(query(text, wanted))
  const names = new Map(documents.map(({ id, name }) => [id, name]))
  return ids.map((id) => names.get(id) ?? `unknown ${id}`)
}
