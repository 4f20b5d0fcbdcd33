import type { Catalogue } from './catalogue.ts'
import type { SearchIndex } from './search-index.ts'

type Deps = {
  readonly catalogue: Pick<Catalogue, 'soldOut' | 'soldOutMark'>
  readonly index: Pick<SearchIndex, 'setSoldOut'>
}

/**
 * Makes the index know what is sold out. It asks for the list only when that has changed since it last did, or when it is
 * told to. Returns how many products changed.
 */
export function followStock({ catalogue, index }: Deps) {
  let known: string | undefined
  return async (isAnyway = false): Promise<number> => {
    const mark = await catalogue.soldOutMark()
    if (mark === known && !isAnyway) return 0
    const changed = await index.setSoldOut(await catalogue.soldOut())
    known = mark
    return changed
  }
}
