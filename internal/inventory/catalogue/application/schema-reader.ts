import { categoryKey, pathsAbove } from '../../../platform/category-path.ts'
import { lineageOf, schemaOf } from '../domain/attribute-schema.ts'
import type { AttributeSchema } from '../domain/attributes.ts'
import type { Categories } from './categories.ts'
import type { ImportedRow } from './plan-row.ts'

/**
 * What products at a path may say of themselves, as the tree is now. Of a path that is still to be made it is what those above
 * it have. The tree is read only for rows that say something.
 */
export async function schemaReader(
  categories: Pick<Categories, 'list'>,
  rows: readonly ImportedRow[],
): Promise<(path: string) => AttributeSchema> {
  if (rows.every(({ attributes = {} }) => Object.keys(attributes).length === 0)) return () => new Map()
  const all = await categories.list()
  const tree = new Map(all.map((category) => [category.id, category]))
  const byKey = new Map(all.map((category) => [categoryKey(category.path), category]))
  return (path) => {
    const nearest = [...pathsAbove(path), path].map((above) => byKey.get(categoryKey(above)))
    const category = nearest.findLast((each) => each !== undefined)
    return schemaOf(category ? lineageOf(tree, category) : [])
  }
}
