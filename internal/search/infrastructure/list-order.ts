import { isUuid } from '../../platform/uuid.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { SearchIndex } from '../application/search-index.ts'
import type { Found, Position, Query } from '../domain/query.ts'
import type { Reading } from './asked-words.ts'

type SortKey = {
  readonly name: 'rank' | 'name_size' | 'name_key' | 'price_minor'
  readonly cast: 'text' | 'bigint'
  readonly direction: 'asc' | 'desc'
}

const sortKeys: Readonly<Record<Query['sort'], readonly SortKey[]>> = {
  relevance: [
    { name: 'rank', cast: 'bigint', direction: 'asc' },
    { name: 'name_size', cast: 'bigint', direction: 'asc' },
  ],
  newest: [],
  name: [{ name: 'name_key', cast: 'text', direction: 'asc' }],
  price: [{ name: 'price_minor', cast: 'bigint', direction: 'asc' }],
  '-price': [{ name: 'price_minor', cast: 'bigint', direction: 'desc' }],
}

/** What a list is sorted by before the products' ids. */
export const keysOf = ({ sort }: Pick<Query, 'sort'>): readonly SortKey[] => sortKeys[sort]

/** Of all keys and the ids. */
export const directionOf = (query: Pick<Query, 'sort'>): 'asc' | 'desc' =>
  keysOf(query)[0]?.direction ?? 'desc'

/** When a search finds nothing, its words are read once more as what may be meant by them. */
export function inBothReadings(
  findBy: (reading: Reading, query: Query) => Promise<Found>,
): SearchIndex['find'] {
  return async (query) => {
    const at = positionIn(query)
    const reading = at?.reading ?? 'written'
    const { next, ...found } = await findBy(reading, { ...query, after: at?.after })
    if (found.ids.length > 0 || at || query.text.trim() === '')
      return { ...found, next: next && [reading, ...next] }
    const meant = await findBy('meant', query)
    return { ...meant, next: meant.next && ['meant', ...meant.next] }
  }
}

/** A position goes through the caller's hands. Its first part tells how the words were read. */
function positionIn({
  after,
  ...query
}: Query): { readonly reading: Reading; readonly after: Position } | undefined {
  if (!after) return undefined
  const [reading, ...position] = after
  const keys = keysOf(query)
  const isOurs =
    (reading === 'written' || reading === 'meant') &&
    position.length === keys.length + 1 &&
    isUuid(position.at(-1) ?? '') &&
    keys.every(({ cast }, index) => cast === 'text' || /^\d{1,18}$/.test(position[index] ?? ''))
  if (isOurs) return { reading, after: position }
  throw new Refusal('invalid', 'search.invalid-position', 'this is no position of this list')
}
