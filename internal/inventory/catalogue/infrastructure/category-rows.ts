import type { Act, Facts } from '../../../platform/act.ts'
import { recordActs } from '../../../platform/activity.ts'
import type { Trace } from '../../../platform/call.ts'
import { categoryKey, pathsAbove } from '../../../platform/category-path.ts'
import type { Sql } from '../../../platform/database.ts'
import { newId } from '../../../platform/new-id.ts'
import { appendToOutbox } from '../../../platform/outbox.ts'
import { parseCategoryId, type CategoryId } from '../../domain/ids.ts'
import { attributeInUse, lineageOf, lostAttributes, schemaOf, type Lost } from '../domain/attribute-schema.ts'
import { requireFit, type AttributeDefinition } from '../domain/attributes.ts'
import { changedTree, type Category, type CategoryEvent, type CategoryTree } from '../domain/category.ts'
import { categoryAt } from '../domain/category-tree.ts'
import { inCategory, type ProductChange } from '../domain/product.ts'
import { encodeCategoryEvent } from './category-events.ts'

export type CategoryRow = {
  readonly id: CategoryId
  readonly parent_id: CategoryId | null
  readonly name: string
  readonly path: string
  readonly attributes: readonly AttributeDefinition[]
  readonly version: number
  readonly created_at: Date
  readonly updated_at: Date
  readonly deleted_at: Date | null
}

export const selectCategories =
  'select id, parent_id, name, path, attributes, version, created_at, updated_at, deleted_at from inventory.categories'

export function categoryOf(row: CategoryRow): Category {
  const { id, name, path, attributes, version } = row
  return {
    ...{ id, name, path, attributes, version },
    parentId: row.parent_id ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at ?? undefined,
  }
}

/** The whole tree. Nobody else changes it until the transaction ends. */
export async function lockTree(tx: Sql): Promise<CategoryTree> {
  await tx.$queryRawUnsafe(oneAtATimeSql)
  const rows = await tx.$queryRawUnsafe<CategoryRow[]>(`${selectCategories} where deleted_at is null`)
  return new Map(rows.map((row) => [row.id, categoryOf(row)]))
}

/** Stores what changed. The products of these categories show their paths from then on. */
export async function storeCategories(
  tx: Sql,
  tree: CategoryTree,
  events: readonly CategoryEvent[],
  trace: Trace,
): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ category }) => ({ ...category, path_key: categoryKey(category.path) }))
  await tx.$executeRawUnsafe(storeSql, JSON.stringify(rows))
  const moved = rows.filter(({ id, path }) => tree.has(id) && tree.get(id)?.path !== path)
  if (moved.length > 0)
    await tx.$executeRawUnsafe(
      showSql,
      moved.map(({ id }) => id),
    )
  await refuseLost(tx, lostAttributes(tree, events))
  await appendToOutbox(
    tx,
    events.map((event) => encodeCategoryEvent(event, trace)),
  )
  await recordActs(tx, trace, actsOf(tree, events))
}

function actsOf(tree: CategoryTree, events: readonly CategoryEvent[]): readonly Act[] {
  const factsOf = ({ path, attributes }: Category): Facts => ({ path, attributes })
  return events.flatMap(({ type, category }) => {
    const { id, name, parentId, deletedAt, attributes } = category
    const before = tree.get(id)
    // Those that only moved with another one are told of by its act.
    const isAlone =
      before?.name !== name || before.parentId !== parentId || before.attributes !== attributes || deletedAt
    if (!isAlone) return []
    const what = `category.${type.slice('Category'.length).toLowerCase()}`
    const after = deletedAt ? undefined : factsOf(category)
    return [{ what, subjectId: id, ...(before && { before: factsOf(before) }), after }]
  })
}

/** Products that are on their way into these categories hold a row that has been written by now, or have been stored. */
async function refuseLost(tx: Sql, lost: readonly Lost[]): Promise<void> {
  if (lost.length === 0) return
  const [row] = await tx.$queryRawUnsafe<{ readonly found: boolean }[]>(usedSql, JSON.stringify(lost))
  if (row?.found) throw attributeInUse()
}

const usedSql = `select exists (
  select from jsonb_to_recordset($1::jsonb) as lost ("categoryId" uuid, names text[])
  join inventory.products p on p.category_id = lost."categoryId" and p.attributes ?| lost.names
  where p.deleted_at is null) as found`

/** The changes with their products in the categories of their paths. What is missing of a path is made, with the products. */
export async function placeProducts(
  tx: Sql,
  changes: readonly ProductChange[],
  trace: Trace,
): Promise<readonly ProductChange[]> {
  if (changes.length === 0) return []
  const held = await categoriesOf(tx, changes, `${lineageSql} for share`)
  const isHeld = changes.every(({ state }) => keysOfPath(state.category).every((key) => held.has(key)))
  if (isHeld) return changes.map((change) => placeIn(held, change))
  let tree = await lockTree(tx)
  const before = tree
  const made: CategoryEvent[] = []
  const placed = changes.map((change) => {
    const { category: path, updatedAt } = change.state
    const { state, events } = categoryAt(tree, path, () => parseCategoryId(newId()), updatedAt)
    made.push(...events)
    tree = changedTree(tree, events)
    return inCategory(change, state, schemaOf(lineageOf(tree, state)))
  })
  await storeCategories(tx, before, made, trace)
  return placed
}

/** Refuses what would be refused, without holding or making anything. A category that is still to be made has no attributes. */
export async function tryPlaces(tx: Sql, changes: readonly ProductChange[]): Promise<void> {
  if (changes.length === 0) return
  const found = await categoriesOf(tx, changes, lineageSql)
  for (const { state } of changes) requireFit(state.attributes, schemaOf(lineageIn(found, state.category)))
}

/** Those of the paths of these products and those above them, by their keys. */
async function categoriesOf(
  tx: Sql,
  changes: readonly ProductChange[],
  sql: string,
): Promise<ReadonlyMap<string, Category>> {
  const keys = new Set(changes.flatMap(({ state }) => keysOfPath(state.category)))
  const rows = await tx.$queryRawUnsafe<CategoryRow[]>(sql, [...keys])
  return new Map(rows.map((row) => [categoryKey(row.path), categoryOf(row)]))
}

const lineageIn = (found: ReadonlyMap<string, Category>, path: string): readonly Category[] =>
  keysOfPath(path).flatMap((key) => found.get(key) ?? [])

function placeIn(held: ReadonlyMap<string, Category>, change: ProductChange): ProductChange {
  const lineage = lineageIn(held, change.state.category)
  const last = lineage.at(-1)
  if (!last) throw new Error('a product has a category')
  return inCategory(change, last, schemaOf(lineage))
}

const keysOfPath = (path: string): readonly string[] => [...pathsAbove(path), path].map(categoryKey)

const oneAtATimeSql = "select count(pg_advisory_xact_lock(hashtextextended('inventory.categories', 0)))"

/** With `for share` none of them is moved, deleted or given other attributes until the product is stored. */
const lineageSql = `${selectCategories} where path_key = any ($1::text[]) and deleted_at is null
  order by path_key`

const storeSql = `
  insert into inventory.categories as c
    (id, parent_id, name, path, path_key, attributes, version, created_at, updated_at, deleted_at)
  select id, "parentId", name, path, path_key, attributes, version, "createdAt", "updatedAt", "deletedAt"
  from jsonb_to_recordset($1::jsonb) as given (
    id uuid, "parentId" uuid, name text, path text, path_key text, attributes jsonb, version int,
    "createdAt" timestamptz, "updatedAt" timestamptz, "deletedAt" timestamptz
  )
  on conflict (id) do update set parent_id = excluded.parent_id, name = excluded.name, path = excluded.path,
    path_key = excluded.path_key, attributes = excluded.attributes, version = excluded.version, updated_at = excluded.updated_at,
    deleted_at = excluded.deleted_at`

/** A path is the category's, not the product's: as with stock, the product's version stays. */
const showSql = `update inventory.products p set category = c.path from inventory.categories c
  where c.id = p.category_id and p.category_id = any ($1::uuid[]) and p.deleted_at is null`
