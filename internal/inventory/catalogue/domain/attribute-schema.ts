import { Refusal } from '../../../platform/refusal.ts'
import type { AttributeSchema } from './attributes.ts'
import { changedTree, type Category, type CategoryEvent, type CategoryTree } from './category.ts'

/** Of categories from the root on: what is nearer to the product comes before what is above it. */
export const schemaOf = (categories: readonly Category[]): AttributeSchema =>
  new Map(categories.flatMap(({ attributes }) => attributes.map(({ name, type }) => [name, type] as const)))

/** The category with all above it, from the root on. */
export function lineageOf(tree: CategoryTree, category: Category): readonly Category[] {
  const parent = category.parentId === undefined ? undefined : tree.get(category.parentId)
  return parent ? [...lineageOf(tree, parent), category] : [category]
}

/** What products of a category can no longer have, or only as another type. */
export type Lost = { readonly categoryId: Category['id']; readonly names: readonly string[] }

/** By a change of the tree. What comes or goes as a whole loses nothing. */
export function lostAttributes(before: CategoryTree, events: readonly CategoryEvent[]): readonly Lost[] {
  if (events.every(({ type }) => type !== 'CategoryUpdated')) return []
  const after = changedTree(before, events)
  return [...before.values()].flatMap((category) => {
    const there = after.get(category.id)
    if (!there) return []
    const schema = schemaOf(lineageOf(after, there))
    const names = [...schemaOf(lineageOf(before, category))]
      .filter(([name, type]) => schema.get(name) !== type)
      .map(([name]) => name)
    return names.length > 0 ? [{ categoryId: category.id, names }] : []
  })
}

export const attributeInUse = (): Refusal =>
  new Refusal('conflict', 'category.attribute-in-use', 'products have an attribute that they would lose')
