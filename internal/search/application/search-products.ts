import { createQuery, type Found } from '../domain/query.ts'
import type { SearchIndex } from './search-index.ts'

type Given = Parameters<typeof createQuery>[0]

/** Refused with search.invalid. */
export function searchProducts({ index }: { readonly index: Pick<SearchIndex, 'find'> }) {
  return async (given: Given): Promise<Found> => index.find(createQuery(given))
}
