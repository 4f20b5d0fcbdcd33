import type { Sql } from '../../../platform/database.ts'
import type { Product } from '../domain/product.ts'

/** Makes the rows of the product's images say what its change says. The files of those that are gone are deleted later. */
export async function storeImages(tx: Sql, before: Product, after: Product): Promise<void> {
  const gone = missing(before, after)
  const added = missing(after, before)
  if (gone.length > 0) await tx.$executeRawUnsafe(moveSql, gone, 'shown', 'removed', after.updatedAt)
  if (added.length > 0) await tx.$executeRawUnsafe(moveSql, added, 'reserved', 'shown', after.updatedAt)
}

/** The ids of the images that `one` has and `other` has not. */
function missing(one: Product, other: Product): readonly string[] {
  const there = new Set(other.uploaded.map(({ id }) => id))
  return one.uploaded.filter(({ id }) => !there.has(id)).map(({ id }) => id)
}

const moveSql = `update inventory.product_images set state = $3, updated_at = $4::timestamptz
  where id = any ($1::uuid[]) and state = $2`
