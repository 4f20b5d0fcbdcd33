import type { Catalogue } from './catalogue.ts'
import { followCategories } from './follow-categories.ts'
import { indexProducts } from './index-products.ts'
import { repairIndex } from './repair-index.ts'
import type { NextIndex } from './search-index.ts'

/** Undefined when nobody wants another index. */
export type FindNextIndex = () => Promise<NextIndex | undefined>

type Deps = { readonly catalogue: Catalogue; readonly findNextIndex: FindNextIndex }

/** What changes while it is filled is in another comparison. Who changes products without end does not delay it for ever. */
const mostComparisons = 5

/**
 * Fills the index that somebody wants in place of the present one, and lets it take over. Until then the present one is asked
 * and follows the catalogue. What has changed in the last moment is not in it yet: the caller compares it once more. Returns
 * whether there was one.
 */
export function renewIndex({ catalogue, findNextIndex }: Deps) {
  return async (): Promise<boolean> => {
    const next = await findNextIndex()
    if (!next) return false
    const { index } = next
    const indexing = indexProducts({
      ...{ catalogue, index },
      followCategories: followCategories({ catalogue, index }),
    })
    const repair = repairIndex({ catalogue, index, indexProducts: indexing })
    for (let count = 0; count < mostComparisons && (await repair()) > 0; count++);
    await index.setSoldOut(await catalogue.soldOut())
    await next.takeOver()
    return true
  }
}
