import { categoryKey, categoryNames, categoryPath, isWithin } from '../../../platform/category-path.ts'
import { Refusal } from '../../../platform/refusal.ts'
import type { CategoryId } from '../../domain/ids.ts'
import { parseDefinitions } from './attributes.ts'
import {
  categoryNotFound,
  maxCategories,
  parseCategoryName,
  requirePath,
  type Category,
  type CategoryChange,
  type CategoryEvent,
  type CategoryTree,
} from './category.ts'

type GivenDefinitions = Parameters<typeof parseDefinitions>[0]

export type NewCategory = {
  readonly name: string
  readonly parentId: CategoryId | undefined
  readonly attributes?: GivenDefinitions
}

/** What is absent stays; null moves it to the root. */
export type CategoryPatch = {
  readonly name?: string | undefined
  readonly parentId?: CategoryId | null | undefined
  readonly attributes?: GivenDefinitions | undefined
}

export function createCategory(
  tree: CategoryTree,
  id: CategoryId,
  { name, parentId, attributes = [] }: NewCategory,
  at: Date,
): CategoryChange {
  requireRoom(tree)
  const category: Category = {
    ...{ id, ...placed(tree, parentId, parseCategoryName(name, invalid('name'))), version: 1 },
    ...{ attributes: parseDefinitions(attributes), createdAt: at, updatedAt: at, deletedAt: undefined },
  }
  requireFree(tree, category)
  return { state: category, events: [{ type: 'CategoryCreated', category }] }
}

/** The category at a path that was parsed. What is missing on the way to it is made. */
export function categoryAt(
  tree: CategoryTree,
  path: string,
  newId: () => CategoryId,
  at: Date,
): CategoryChange {
  const names = categoryNames(path)
  const grown = new Map(tree)
  const events: CategoryEvent[] = []
  let state: Category | undefined
  for (const [place, name] of names.entries()) {
    const there = findAt(grown, categoryPath(names.slice(0, place + 1)))
    const change = there ? undefined : createCategory(grown, newId(), { name, parentId: state?.id }, at)
    events.push(...(change?.events ?? []))
    state = there ?? change?.state
    if (change) grown.set(change.state.id, change.state)
  }
  if (!state) throw categoryNotFound()
  return { state, events }
}

/** The categories below it move with it. A patch that says what is already so changes nothing: no version, no event. */
export function updateCategory(
  tree: CategoryTree,
  id: CategoryId,
  patch: CategoryPatch,
  expectedVersion: number | undefined,
  at: Date,
): CategoryChange {
  const category = find(tree, id)
  requireVersion(category, expectedVersion)
  const name = patch.name === undefined ? category.name : parseCategoryName(patch.name, invalid('name'))
  const parentId = patch.parentId === undefined ? category.parentId : (patch.parentId ?? undefined)
  const place = placed(tree, parentId, name)
  const attributes = patch.attributes ? parseDefinitions(patch.attributes) : category.attributes
  const isSame = JSON.stringify(attributes) === JSON.stringify(category.attributes)
  if (place.path === category.path && isSame) return { state: category, events: [] }
  const parent = parentId === undefined ? undefined : tree.get(parentId)
  if (parent && isBelow(parent, category))
    throw new Refusal('conflict', 'category.below-itself', 'a category cannot be moved below itself')
  const state = { ...category, ...place, attributes, version: category.version + 1, updatedAt: at }
  requireFree(tree, state)
  const isMoved = place.path !== category.path
  const others = [...tree.values()].filter((other) => isMoved && other.id !== id && isBelow(other, category))
  const moved = others.map((other) => movedWith(other, category, state))
  const events = [state, ...moved.toSorted(byPath)].map((each) => updated(each))
  return { state, events }
}

/** Refused while it has categories below it, or products. */
export function deleteCategory(
  tree: CategoryTree,
  id: CategoryId,
  hasProducts: boolean,
  expectedVersion: number | undefined,
  at: Date,
): CategoryChange {
  const category = find(tree, id)
  requireVersion(category, expectedVersion)
  if ([...tree.values()].some(({ parentId }) => parentId === id))
    throw new Refusal('conflict', 'category.has-children', 'there are categories below this one')
  if (hasProducts)
    throw new Refusal('conflict', 'category.has-products', 'there are products in this category')
  const state = { ...category, version: category.version + 1, updatedAt: at, deletedAt: at }
  return { state, events: [{ type: 'CategoryDeleted', category: state }] }
}

export const findAt = (tree: CategoryTree, path: string): Category | undefined => {
  const key = categoryKey(path)
  return [...tree.values()].find((category) => categoryKey(category.path) === key)
}

const updated = (category: Category): CategoryEvent => ({ type: 'CategoryUpdated', category })

const byPath = (one: Category, other: Category): number => (one.path < other.path ? -1 : 1)

const isBelow = (category: Category, above: Category): boolean =>
  isWithin(categoryKey(category.path), categoryKey(above.path))

function movedWith(category: Category, before: Category, after: Category): Category {
  const names = categoryNames(category.path).slice(categoryNames(before.path).length)
  const path = categoryPath([...categoryNames(after.path), ...names])
  requirePath(path, invalid('parentId'))
  return { ...category, path, version: category.version + 1, updatedAt: after.updatedAt }
}

function placed(
  tree: CategoryTree,
  parentId: CategoryId | undefined,
  name: string,
): Pick<Category, 'parentId' | 'name' | 'path'> {
  const parent = parentId === undefined ? undefined : tree.get(parentId)
  if (parentId !== undefined && !parent) throw invalid('parentId')('there is no such category to be below')
  const path = parent ? categoryPath([parent.path, name]) : name
  requirePath(path, invalid('parentId'))
  return { parentId, name, path }
}

function requireRoom(tree: CategoryTree): void {
  if (tree.size < maxCategories) return
  throw new Refusal('conflict', 'category.too-many', `there are at most ${maxCategories} categories`)
}

function requireFree(tree: CategoryTree, { id, path }: Category): void {
  const there = findAt(tree, path)
  if (!there || there.id === id) return
  throw new Refusal('conflict', 'category.taken', 'another category has this name at this place')
}

function requireVersion({ version }: Category, expected: number | undefined): void {
  if (expected === undefined || expected === version) return
  throw new Refusal('conflict', 'category.version-mismatch', 'the category has changed meanwhile', {
    ...{ expected, current: version },
  })
}

function find(tree: CategoryTree, id: CategoryId): Category {
  const category = tree.get(id)
  if (!category) throw categoryNotFound()
  return category
}

const invalid =
  (field: string) =>
  (message: string): Refusal =>
    new Refusal('invalid', 'category.invalid', message, { field })
