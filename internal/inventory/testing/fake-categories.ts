import type { Trace } from '../../platform/call.ts'
import { categoryKey } from '../../platform/category-path.ts'
import { markOf } from '../../platform/copy-digest.ts'
import type { Categories } from '../catalogue/application/categories.ts'
import {
  attributeInUse,
  lineageOf,
  lostAttributes,
  schemaOf,
  type Lost,
} from '../catalogue/domain/attribute-schema.ts'
import {
  categoryNotFound,
  changedTree,
  type Category,
  type CategoryEvent,
  type CategoryTree,
} from '../catalogue/domain/category.ts'
import { categoryAt } from '../catalogue/domain/category-tree.ts'
import { inCategory, type ProductChange } from '../catalogue/domain/product.ts'
import { encodeCategoryEvent } from '../catalogue/infrastructure/category-events.ts'
import type { CategoryId } from '../domain/ids.ts'
import type { InventoryTables } from './inventory-tables.ts'

export function fakeCategories(tables: InventoryTables): Categories {
  const { categories, keys, products } = tables
  const find = async (id: CategoryId): Promise<Category | undefined> => treeIn(tables).get(id)
  return {
    find,
    list: async () => [...categories.values()].filter(({ deletedAt }) => !deletedAt).sort(inTree),
    async mark() {
      const live = [...treeIn(tables).values()]
      const sum = live.reduce((sum, { id, version }) => sum + BigInt(markOf(`${id}:${version}`)), 0n)
      return `${live.length} ${sum}`
    },
    async findByRequest(once) {
      const id = keys.find(once) as CategoryId | undefined
      if (id === undefined) return undefined
      const category = await find(id)
      if (!category) throw categoryNotFound()
      return category
    },
    async change(decide, trace, once) {
      const tree = treeIn(tables)
      const { state, events } = decide(tree)
      refuseLost(tables, lostAttributes(tree, events))
      keys.claim(once, state.id)
      storeEvents(tables, events, trace)
      return state
    },
    async remove(id, decide, trace) {
      const isIn = [...products.values()].some((product) => product.categoryId === id && !product.deletedAt)
      storeEvents(tables, decide(treeIn(tables), isIn).events, trace)
    },
  }
}

export const treeIn = ({ categories }: InventoryTables): CategoryTree =>
  new Map([...categories].filter(([, { deletedAt }]) => !deletedAt))

/** What `placeProducts` does with a database. */
export function placeInMemory(tables: InventoryTables, change: ProductChange, trace: Trace): ProductChange {
  const { category, updatedAt } = change.state
  const tree = treeIn(tables)
  const { state, events } = categoryAt(tree, category, tables.newCategoryId, updatedAt)
  const placed = inCategory(change, state, schemaOf(lineageOf(changedTree(tree, events), state)))
  storeEvents(tables, events, trace)
  return placed
}

function refuseLost({ products }: InventoryTables, lost: readonly Lost[]): void {
  for (const { categoryId, deletedAt, attributes } of products.values()) {
    const names = lost.find((each) => each.categoryId === categoryId)?.names ?? []
    if (!deletedAt && names.some((name) => name in attributes)) throw attributeInUse()
  }
}

function storeEvents(tables: InventoryTables, events: readonly CategoryEvent[], trace: Trace): void {
  for (const { category } of events) {
    tables.categories.set(category.id, category)
    for (const [id, product] of tables.products)
      if (product.categoryId === category.id && !product.deletedAt)
        tables.products.set(id, { ...product, category: category.path })
  }
  tables.append(events.map((event) => encodeCategoryEvent(event, trace)))
}

/** Before '/' comes nothing that a key has. */
const placeOf = ({ path }: Category): Buffer => Buffer.from(categoryKey(path).replaceAll('/', '\0'))
const inTree = (one: Category, other: Category): number => Buffer.compare(placeOf(one), placeOf(other))
