import type { BucketDigest, Category, Document, ProductId } from '../domain/document.ts'

/** What the index follows: the products that can be seen. */
export type Catalogue = {
  /** Those that are there, up to `readAtOnce` of them. */
  readonly read: (ids: readonly ProductId[]) => Promise<readonly Document[]>
  readonly digest: () => Promise<readonly BucketDigest[]>
  readonly versionsIn: (buckets: readonly number[]) => Promise<ReadonlyMap<ProductId, number>>
  /** Changes whenever a category has come, gone, or got another path. */
  readonly categoriesMark: () => Promise<string>
  readonly categories: () => Promise<readonly Category[]>
  /** Changes whenever a product is sold out or can be had again. */
  readonly soldOutMark: () => Promise<string>
  /** All products of which nothing can be ordered. */
  readonly soldOut: () => Promise<readonly ProductId[]>
}

/** Each product, with a long description, fits into one message with so many others. */
export const readAtOnce = 100
