import type { Catalogue } from './catalogue.ts'
import type { SearchIndex } from './search-index.ts'

type Deps = {
  readonly catalogue: Pick<Catalogue, 'categories' | 'categoriesMark'>
  readonly index: Pick<SearchIndex, 'setCategories'>
}

export type FollowCategories = (isAnyway?: boolean) => Promise<void>

/** Makes the index know the tree. It asks for the tree only when that has changed since it last did, or when it is told to. */
export function followCategories({ catalogue, index }: Deps): FollowCategories {
  let known: string | undefined
  return async (isAnyway = false) => {
    const mark = await catalogue.categoriesMark()
    if (mark === known && !isAnyway) return
    await index.setCategories(await catalogue.categories())
    known = mark
  }
}
