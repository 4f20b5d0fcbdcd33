import { categoryNames, categoryPath } from '../../../platform/category-path.ts'
import type { Change } from '../../../platform/change.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { isAtMost, isStorableLine, textLengths } from '../../../platform/text.ts'
import type { CategoryId } from '../../domain/ids.ts'
import type { AttributeDefinition } from './attributes.ts'

export type Category = {
  readonly id: CategoryId
  /** Undefined: it is at the root. */
  readonly parentId: CategoryId | undefined
  readonly name: string
  /** The names of those above it and its own: kitchen/teapots. */
  readonly path: string
  /** What its products may say of themselves, beside what those above it have. */
  readonly attributes: readonly AttributeDefinition[]
  /** Counts the changes of its path and its attributes; its deletion is one. */
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly deletedAt: Date | undefined
}

export type CategoryEvent = {
  readonly type: 'CategoryCreated' | 'CategoryUpdated' | 'CategoryDeleted'
  readonly category: Category
}

/** The category that was meant. Each category that changes with it has an event, and the events are in the order of the tree. */
export type CategoryChange = Change<Category, CategoryEvent>

/** All categories that are not deleted. */
export type CategoryTree = ReadonlyMap<CategoryId, Category>

/** A tree that a person can find the way in. */
const maxDepth = 6

/** All are read at once, by the pages of shops and for each change of the tree. */
export const maxCategories = 2_000

/** Says what is wrong; a path of a product has another code than a category. */
type Wrong = (message: string) => Refusal

/** A path as people write it, with a name at least. Each name and the whole are as long as can be stored. */
export function parsePath(text: string, wrong: Wrong): string {
  const names = categoryNames(text)
  if (names.length === 0) throw wrong('category must not be empty')
  for (const name of names) requireName(name, wrong)
  const path = categoryPath(names)
  requirePath(path, wrong)
  return path
}

/** One name. A slash would be the end of it. */
export function parseCategoryName(text: string, wrong: Wrong): string {
  const [name, ...others] = categoryNames(text)
  if (name === undefined || others.length > 0 || text.includes('/'))
    throw wrong('name must not be empty, and have no slash')
  requireName(name, wrong)
  return name
}

function requireName(name: string, wrong: Wrong): void {
  if (!isStorableLine(name)) throw wrong('the name of a category must have no control characters')
  if (isAtMost(name, textLengths.category)) return
  throw wrong(`the name of a category must be at most ${textLengths.category} characters long`)
}

/** Refuses a path that is too deep or too long. */
export function requirePath(path: string, wrong: Wrong): void {
  if (categoryNames(path).length > maxDepth) throw wrong(`categories are at most ${maxDepth} deep`)
  if (isAtMost(path, textLengths.categoryPath)) return
  throw wrong(`the path of a category must be at most ${textLengths.categoryPath} characters long`)
}

export const categoryNotFound = (): Refusal =>
  new Refusal('not-found', 'category.not-found', 'there is no such category')

/** The tree with what has changed. */
export function changedTree(tree: CategoryTree, events: readonly CategoryEvent[]): CategoryTree {
  const next = new Map(tree)
  for (const { category } of events)
    if (category.deletedAt) next.delete(category.id)
    else next.set(category.id, category)
  return next
}
