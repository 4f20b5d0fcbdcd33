import type { ProductId } from '../../domain/ids.ts'

export type BucketDigest = { readonly bucket: number; readonly count: number; readonly sum: bigint }

export type ProductVersion = { readonly id: ProductId; readonly version: number }

export type SoldOutPage = { readonly productIds: readonly ProductId[]; readonly hasMore: boolean }

export type ProductColumns = { readonly options: readonly string[]; readonly attributes: readonly string[] }

/** What those ask who keep a copy of the catalogue, to see whether it is still the same. Deleted products are left out. */
export type CatalogueCopies = {
  readonly digest: () => Promise<readonly BucketDigest[]>
  readonly versionsIn: (buckets: readonly number[]) => Promise<readonly ProductVersion[]>
  /** Another text whenever other products are sold out. */
  readonly soldOutMark: () => Promise<string>
  /** The names of the options and attributes that products have, sorted. */
  readonly columns: () => Promise<ProductColumns>
  readonly soldOut: (after: ProductId | undefined) => Promise<SoldOutPage>
}
