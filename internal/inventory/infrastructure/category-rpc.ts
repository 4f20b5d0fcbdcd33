import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import { fitting } from '../../platform/message-size.ts'
import type { Handlers } from '../../platform/service.ts'
import { jsonLength } from '../../platform/text.ts'
import type { InventoryApp } from '../application/inventory-app.ts'
import type { Category } from '../catalogue/domain/category.ts'
import { categoryJson } from '../catalogue/infrastructure/category-json.ts'
import { parseCategoryId } from '../domain/ids.ts'

/** Of the ids, the times and the names of the fields. */
const bytesBesideTexts = 400

const sizeOf = ({ name, path, attributes }: Category): number =>
  bytesBesideTexts + jsonLength(name) + jsonLength(path) + JSON.stringify(attributes).length

export function categoryRpc(app: InventoryApp) {
  return {
    async listCategories({ afterId }) {
      const all = await app.listCategories()
      const rest = all.slice(afterId === undefined ? 0 : all.findIndex(({ id }) => id === afterId) + 1)
      const count = fitting(rest, sizeOf)
      return { categories: rest.slice(0, count).map(categoryJson), hasMore: count < rest.length }
    },
    markCategories: async () => ({ mark: await app.markCategories() }),
    getCategory: async ({ id }) => ({ category: categoryJson(await app.getCategory(parseCategoryId(id))) }),
    async createCategory({ name, parentId, attributes }, call) {
      const parent = parentId === undefined ? undefined : parseCategoryId(parentId)
      const input = { name, parentId: parent, attributes }
      const { result, isReplay } = await app.createCategory(input, call)
      return { category: categoryJson(result), replayed: isReplay }
    },
    async updateCategory({ id, expectedVersion, name, parentId, toRoot, attributes }, call) {
      const parent = parentId === undefined ? undefined : parseCategoryId(parentId)
      const definitions = attributes.replace ? attributes.definitions : undefined
      const patch = { name, parentId: toRoot ? null : parent, attributes: definitions }
      const changed = { id: parseCategoryId(id), expectedVersion }
      return { category: categoryJson(await app.updateCategory(changed, patch, call)) }
    },
    async deleteCategory({ id, expectedVersion }, call) {
      await app.deleteCategory({ id: parseCategoryId(id), expectedVersion }, call)
      return {}
    },
  } satisfies Partial<Handlers<typeof InventoryService>>
}
