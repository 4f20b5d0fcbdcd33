import type { InventoryService, ProductSchema } from '../../gen/inventory/v1/inventory_pb.ts'
import { systemCall } from '../../platform/call.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Catalogue } from '../application/catalogue.ts'
import type { Category, CategoryId, Document, FamilyId, ProductId } from '../domain/document.ts'

export type InventoryCalls = Pick<
  Handlers<typeof InventoryService>,
  | 'readProducts'
  | 'digestProducts'
  | 'listProductVersions'
  | 'markCategories'
  | 'listCategories'
  | 'markSoldOut'
  | 'listSoldOut'
>

/** The catalogue as the inventory service tells it. */
export function inventoryCatalogue(inventory: InventoryCalls): Catalogue {
  const call = systemCall('')
  return {
    async read(ids) {
      const documents: Document[] = []
      for (let rest: readonly string[] = ids; rest.length > 0;) {
        const { products, unreadIds } = await inventory.readProducts({ ids: [...rest] }, call)
        documents.push(...products.map(documentOf))
        rest = unreadIds
      }
      return documents
    },
    async digest() {
      const { buckets } = await inventory.digestProducts({}, call)
      return buckets.map(({ bucket, count, sum }) => ({ bucket, count, sum: BigInt(sum) }))
    },
    async versionsIn(buckets) {
      const { products } = await inventory.listProductVersions({ buckets: [...buckets] }, call)
      return new Map(products.map(({ id, version }) => [id as ProductId, version]))
    },
    categoriesMark: async () => (await inventory.markCategories({}, call)).mark,
    async categories() {
      const categories: Category[] = []
      for (let hasMore = true; hasMore;) {
        const page = await inventory.listCategories({ afterId: categories.at(-1)?.id }, call)
        categories.push(
          ...page.categories.map(({ id, version, path }) => ({ id: id as CategoryId, version, path })),
        )
        hasMore = page.hasMore
      }
      return categories
    },
    soldOutMark: async () => (await inventory.markSoldOut({}, call)).mark,
    async soldOut() {
      const ids: ProductId[] = []
      for (let hasMore = true; hasMore;) {
        const page = await inventory.listSoldOut({ afterId: ids.at(-1) }, call)
        ids.push(...(page.productIds as ProductId[]))
        hasMore = page.hasMore
      }
      return ids
    },
  }
}

function documentOf(product: Wire<typeof ProductSchema>): Document {
  const { id, version, sku, name, description, categoryId, familyId, attributes } = product
  const { priceMinor, currency, stock } = product
  return {
    ...{ id: id as ProductId, version, sku, name, description, currency },
    categoryId: categoryId as CategoryId | undefined,
    familyId: familyId as FamilyId | undefined,
    attributes: attributes as Document['attributes'], // the inventory stores no others
    priceMinor: BigInt(priceMinor),
    isSoldOut: stock <= 0,
  }
}
