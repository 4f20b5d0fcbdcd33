import type { BucketDigest, Category, Document, ProductId } from '../domain/document.ts'
import type { Found, Query } from '../domain/query.ts'

/** Another index, which somebody wants in place of the one that is asked. */
export type NextIndex = {
  readonly index: SearchIndex
  /** From now on it is the one that is asked, and the other is gone. */
  readonly takeOver: () => Promise<void>
}

/** Where products are found. It follows the catalogue, and may be lost: everything in it can be read there again. */
export type SearchIndex = {
  /**
   * Stores the products as they are given, unless there is a later version. `always`: also in place of the same version, as
   * when texts are folded in another way than before.
   */
  readonly put: (documents: readonly Document[], replaces: 'older' | 'always') => Promise<void>
  readonly remove: (ids: readonly ProductId[]) => Promise<void>
  readonly find: (query: Query) => Promise<Found>
  readonly digest: () => Promise<readonly BucketDigest[]>
  /** The versions of all products of these buckets. */
  readonly versionsIn: (buckets: readonly number[]) => Promise<ReadonlyMap<ProductId, number>>
  /** These are the categories, and there are no others. */
  readonly setCategories: (categories: readonly Category[]) => Promise<void>
  /** Exactly these are sold out. Returns how many products that changed. */
  readonly setSoldOut: (ids: readonly ProductId[]) => Promise<number>
}
