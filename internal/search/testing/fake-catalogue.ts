import { bucketOf, markOf } from '../../platform/copy-digest.ts'
import type { Catalogue } from '../application/catalogue.ts'
import type { BucketDigest, Document } from '../domain/document.ts'

/** A catalogue in memory, with how often each of its lists was asked for. */
export function openCatalogue(documents: readonly Document[]) {
  const products = new Map(documents.map((each) => [each.id, each]))
  const world = { products, soldOut: new Set<Document['id']>(), mark: 1, asked: 0 }
  const catalogue: Catalogue = {
    read: async (ids) => ids.flatMap((id) => products.get(id) ?? []),
    async digest() {
      const digests = new Map<number, BucketDigest>()
      for (const { id, version } of products.values()) {
        const bucket = bucketOf(id)
        const { count, sum } = digests.get(bucket) ?? { count: 0, sum: 0n }
        digests.set(bucket, { bucket, count: count + 1, sum: sum + BigInt(markOf(`${id}:${version}`)) })
      }
      return [...digests.values()]
    },
    versionsIn: async (buckets) =>
      new Map(
        [...products.values()]
          .filter(({ id }) => buckets.includes(bucketOf(id)))
          .map(({ id, version }) => [id, version]),
      ),
    categoriesMark: async () => '',
    categories: async () => [],
    soldOutMark: async () => String(world.mark),
    async soldOut() {
      world.asked++
      return [...world.soldOut]
    },
  }
  return { ...world, world, catalogue }
}
