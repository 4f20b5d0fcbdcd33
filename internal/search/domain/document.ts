import type { Brand } from '../../platform/brand.ts'
import { parseUuid } from '../../platform/uuid.ts'

export type ProductId = Brand<string, 'ProductId'>
export type CategoryId = Brand<string, 'CategoryId'>
export type FamilyId = Brand<string, 'FamilyId'>

export function parseProductId(value: unknown): ProductId {
  return parseUuid(value, 'product.invalid-id', 'a product id') as ProductId
}

/** A product as the index has it. */
export type Document = {
  readonly id: ProductId
  /** The version of its catalogue data. */
  readonly version: number
  readonly sku: string
  readonly name: string
  readonly description: string
  /** Undefined where an inventory of an earlier version has told of it. */
  readonly categoryId: CategoryId | undefined
  readonly familyId: FamilyId | undefined
  /** What it says of itself. Undefined as above. */
  readonly attributes: Readonly<Record<string, string | number | boolean>> | undefined
  readonly priceMinor: bigint
  readonly currency: string
  /** Nothing of it can be ordered now. */
  readonly isSoldOut: boolean
}

/** A category as the index has it. Products name it by its id, so they stay as they are when its path changes. */
export type Category = { readonly id: CategoryId; readonly version: number; readonly path: string }

/**
 * What all products of a bucket (those whose ids end with the same byte) amount to. When two stores have the same, they have
 * the same products at the same versions.
 */
export type BucketDigest = {
  readonly bucket: number
  readonly count: number
  /** The sum of the products' marks. */
  readonly sum: bigint
}

/** The buckets in which two stores differ. */
export function differingBuckets(
  left: readonly BucketDigest[],
  right: readonly BucketDigest[],
): readonly number[] {
  const text = ({ bucket, count, sum }: BucketDigest): string => `${bucket} ${count} ${sum}`
  const [ofLeft, ofRight] = [left, right].map((digests) => new Set(digests.map(text)))
  const odd = [
    ...left.filter((digest) => !ofRight?.has(text(digest))),
    ...right.filter((digest) => !ofLeft?.has(text(digest))),
  ]
  return [...new Set(odd.map(({ bucket }) => bucket))].toSorted((one, other) => one - other)
}
