import { bucketOf, markOf } from '../../platform/copy-digest.ts'
import type { BucketDigest, CatalogueCopies } from '../catalogue/application/catalogue-copies.ts'
import type { ProductId } from '../domain/ids.ts'
import type { InventoryTables } from './inventory-tables.ts'

export function fakeCatalogueCopies({ products, stock }: InventoryTables): CatalogueCopies {
  const live = () => [...products.values()].filter(({ deletedAt }) => !deletedAt)
  const isSoldOut = (id: ProductId): boolean => (stock.get(id)?.available ?? 0) <= 0
  return {
    async digest() {
      const buckets = new Map<number, BucketDigest>()
      for (const { id, version } of live()) {
        const bucket = bucketOf(id)
        const { count, sum } = buckets.get(bucket) ?? { count: 0, sum: 0n }
        buckets.set(bucket, { bucket, count: count + 1, sum: sum + BigInt(markOf(`${id}:${version}`)) })
      }
      return [...buckets.values()]
    },
    versionsIn: async (buckets) =>
      live()
        .filter(({ id }) => buckets.includes(bucketOf(id)))
        .map(({ id, version }) => ({ id, version })),
    async soldOutMark() {
      const ids = [...stock.keys()].filter(isSoldOut)
      return `${ids.length} ${ids.reduce((sum, id) => sum + BigInt(markOf(id)), 0n)}`
    },
    async columns() {
      const names = (all: readonly object[]) => [...new Set(all.flatMap((each) => Object.keys(each)))].sort()
      return {
        options: names(live().map(({ membership }) => membership?.options ?? {})),
        attributes: names(live().map(({ attributes }) => attributes)),
      }
    },
    async soldOut(after = '' as ProductId) {
      const ids = live().map(({ id }) => id)
      const productIds = ids.filter((id) => isSoldOut(id) && id > after).toSorted()
      return { productIds, hasMore: false }
    },
  }
}
