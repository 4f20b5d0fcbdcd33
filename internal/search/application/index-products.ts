import { partsOf } from '../../platform/message-size.ts'
import type { ProductId } from '../domain/document.ts'
import { readAtOnce, type Catalogue } from './catalogue.ts'
import type { FollowCategories } from './follow-categories.ts'
import type { SearchIndex } from './search-index.ts'

type Deps = {
  readonly catalogue: Pick<Catalogue, 'read'>
  readonly index: Pick<SearchIndex, 'put' | 'remove'>
  readonly followCategories: FollowCategories
}

export type IndexProducts = (ids: readonly ProductId[], replaces?: 'older' | 'always') => Promise<void>

/**
 * Makes the index have these products as the catalogue has them now, and those not that it does not have. What an event
 * says of a product is not looked at, so it does not matter in which order events come, how often, or whether at all.
 */
export function indexProducts({ catalogue, index, followCategories }: Deps): IndexProducts {
  return async (ids, replaces = 'older') => {
    for (const part of partsOf([...new Set(ids)], readAtOnce, () => 1)) {
      const documents = await catalogue.read(part)
      // After them, so that the tree has the category of each.
      if (documents.length > 0) await followCategories()
      const there = new Set(documents.map(({ id }) => id))
      const gone = part.filter((id) => !there.has(id))
      if (documents.length > 0) await index.put(documents, replaces)
      if (gone.length > 0) await index.remove(gone)
    }
  }
}
