import type { Once, Trace } from '../../../platform/call.ts'
import type { CategoryId } from '../../domain/ids.ts'
import type { Category, CategoryChange, CategoryTree } from '../domain/category.ts'

/**
 * The categories of the catalogue. Each write stores the tree's change, its events and the paths that products show in one
 * transaction. Deleted ones are not found.
 */
export type Categories = {
  /** In the order of the tree: each before those below it. */
  readonly list: () => Promise<readonly Category[]>
  readonly find: (id: CategoryId) => Promise<Category | undefined>
  /** Another text whenever the tree is another. */
  readonly mark: () => Promise<string>
  /** What the same request has made. Refused when it was deleted. */
  readonly findByRequest: (once: Once) => Promise<Category | undefined>
  /** `decide` sees the whole tree, which nobody else changes meanwhile, and is synchronous. */
  readonly change: (
    decide: (tree: CategoryTree) => CategoryChange,
    trace: Trace,
    once?: Once,
  ) => Promise<Category>
  /** The same with whether a product is in that category. None comes into it meanwhile. */
  readonly remove: (
    id: CategoryId,
    decide: (tree: CategoryTree, hasProducts: boolean) => CategoryChange,
    trace: Trace,
  ) => Promise<void>
}
