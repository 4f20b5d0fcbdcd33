import { requirePermission, traceOf, type Call } from '../../../platform/call.ts'
import { doOnce, type Done } from '../../../platform/do-once.ts'
import type { CategoryId } from '../../domain/ids.ts'
import { categoryNotFound, type Category } from '../domain/category.ts'
import {
  createCategory,
  deleteCategory,
  updateCategory,
  type CategoryPatch,
  type NewCategory,
} from '../domain/category-tree.ts'
import type { Categories } from './categories.ts'

type Deps = {
  readonly categories: Categories
  readonly newCategoryId: () => CategoryId
  readonly now: () => Date
}

type Changed = { readonly id: CategoryId; readonly expectedVersion: number | undefined }

/** What is asked of the tree of categories. Whoever may write products keeps it. */
export function keepCategories({ categories, newCategoryId, now }: Deps) {
  return {
    listCategories: categories.list,
    markCategories: categories.mark,
    async getCategory(id: CategoryId): Promise<Category> {
      const category = await categories.find(id)
      if (!category) throw categoryNotFound()
      return category
    },
    async createCategory(input: NewCategory, call: Call): Promise<Done<Category>> {
      requirePermission(call, 'products:write')
      return doOnce(call.once, categories.findByRequest, () =>
        categories.change(
          (tree) => createCategory(tree, newCategoryId(), input, now()),
          traceOf(call),
          call.once,
        ),
      )
    },
    async updateCategory(
      { id, expectedVersion }: Changed,
      patch: CategoryPatch,
      call: Call,
    ): Promise<Category> {
      requirePermission(call, 'products:write')
      return categories.change(
        (tree) => updateCategory(tree, id, patch, expectedVersion, now()),
        traceOf(call),
      )
    },
    async deleteCategory({ id, expectedVersion }: Changed, call: Call): Promise<void> {
      requirePermission(call, 'products:write')
      await categories.remove(
        id,
        (tree, hasProducts) => deleteCategory(tree, id, hasProducts, expectedVersion, now()),
        traceOf(call),
      )
    },
  }
}
