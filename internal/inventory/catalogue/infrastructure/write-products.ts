import { recordActs } from '../../../platform/activity.ts'
import type { Trace } from '../../../platform/call.ts'
import type { Sql } from '../../../platform/database.ts'
import { appendToOutbox } from '../../../platform/outbox.ts'
import type { ListedProduct, ProductWrite } from '../application/products.ts'
import type { ProductId } from '../../domain/ids.ts'
import { productNotFound } from '../../domain/product-not-found.ts'
import { optionsKey } from '../domain/family.ts'
import type { Product, ProductChange } from '../domain/product.ts'
import { placeProducts, tryPlaces } from './category-rows.ts'
import { requirePlaces } from './family-rows.ts'
import { storeImages } from './image-rows.ts'
import { encodeProductEvent, factsOf } from './product-events.ts'
import { fromRow, liveProducts, selectProduct, selectProducts } from './product-rows.ts'

/** A decided write. `before` is undefined for a product that is new. */
type Decided = {
  readonly before: Product | undefined
  readonly change: ProductChange
  readonly available: number
}

/**
 * Stores all of these, each of which is about another product, in a number of statements that does not depend on how many. A
 * trial, which will be taken back, stores only what takes a place from others.
 */
export async function storeProducts(
  tx: Sql,
  writes: readonly ProductWrite[],
  trace: Trace,
  isTrial = false,
): Promise<readonly ListedProduct[]> {
  const decided = await decideAll(tx, writes)
  const changed = decided.filter(({ change }) => change.events.length > 0)
  const tried = isTrial ? changed.filter(isAlone) : []
  await tryPlaces(
    tx,
    tried.map(({ change }) => change),
  )
  const stored = await placed(
    tx,
    changed.filter((each) => !tried.includes(each)),
    trace,
  )
  await requirePlaces(
    tx,
    stored.flatMap(({ before, change }) =>
      change.state.membership !== before?.membership ? [change.state] : [],
    ),
  )
  await storeRows(tx, stored)
  await tellOf(tx, stored, trace)
  const states = new Map(stored.map(({ change: { state } }) => [state.id, state]))
  return decided.map(({ change: { state }, available }) => ({
    ...{ product: states.get(state.id) ?? state, available },
  }))
}

/** It takes no place in a family. That its SKU is free was looked up. */
const isAlone = ({ change }: Decided): boolean => change.state.membership === undefined

/** The same for one that is there. */
export async function updateLocked(
  tx: Sql,
  id: ProductId,
  decide: (product: Product) => ProductChange,
  trace: Trace,
): Promise<ListedProduct> {
  const [updated] = await storeProducts(tx, [{ kind: 'update', id, decide }], trace)
  if (!updated) throw productNotFound()
  return updated
}

/** Locks products before it reads them, so that it sees the images that whoever had the lock before has added. */
async function decideAll(tx: Sql, writes: readonly ProductWrite[]): Promise<readonly Decided[]> {
  const ids = writes.flatMap((write) => (write.kind === 'update' ? [write.id] : []))
  if (ids.length > 0) await tx.$queryRawUnsafe(lockSql, ids)
  const rows = ids.length > 0 ? await selectProducts(tx, findSql, ids) : []
  const found = new Map(rows.map((row) => [row.id, fromRow(row)]))
  return writes.map((write) => {
    if (write.kind === 'add')
      return { before: undefined, change: write.change, available: write.openingStock }
    const known = found.get(write.id)
    if (!known) throw productNotFound()
    return { before: known.product, change: write.decide(known.product), available: known.available }
  })
}

/** In their categories. A patch that names neither the category nor attributes leaves them as they are. */
async function placed(tx: Sql, decided: readonly Decided[], trace: Trace): Promise<readonly Decided[]> {
  const isPlaced = ({ before, change: { state } }: Decided): boolean =>
    before !== undefined && state.categoryId !== undefined && state.attributes === before.attributes
  const changes = decided.filter((each) => !isPlaced(each)).map(({ change }) => change)
  const inPlace = new Map(
    (await placeProducts(tx, changes, trace)).map((change) => [change.state.id, change]),
  )
  return decided.map((each) => ({ ...each, change: inPlace.get(each.change.state.id) ?? each.change }))
}

async function storeRows(tx: Sql, stored: readonly Decided[]): Promise<void> {
  const added = stored.filter(({ before }) => before === undefined)
  const updated = stored.filter(({ before }) => before !== undefined)
  if (added.length > 0) await tx.$executeRawUnsafe(insertSql, JSON.stringify(added.map(rowOf)))
  if (updated.length > 0) await tx.$executeRawUnsafe(updateSql, JSON.stringify(updated.map(rowOf)))
  for (const { before, change } of updated) if (before) await storeImages(tx, before, change.state)
}

async function tellOf(tx: Sql, stored: readonly Decided[], trace: Trace): Promise<void> {
  const events = stored.flatMap(({ change, available }) =>
    change.events.map((event) => encodeProductEvent(event, available, trace)),
  )
  await appendToOutbox(tx, events)
  await recordActs(tx, trace, stored.map(actOf))
}

function actOf({ before, change: { state }, available }: Decided) {
  const { id: subjectId, deletedAt } = state
  if (before === undefined)
    return { what: 'product.created', subjectId, after: { ...factsOf(state), stock: available } }
  const after = deletedAt === undefined ? factsOf(state) : undefined
  const what = deletedAt === undefined ? 'product.updated' : 'product.deleted'
  return { what, subjectId, before: factsOf(before), after }
}

function rowOf({ change: { state }, available }: Decided) {
  const { price, categoryId, membership, weightGrams, deletedAt, createdAt, updatedAt, ...product } = state
  const { id, sku, name, category, description, images, attributes, version } = product
  return {
    ...{ id, sku, name, category, description, images, attributes, version, available },
    ...{ price_minor: String(price.minor), currency: price.currency, weight_grams: weightGrams ?? null },
    ...{ created_at: createdAt, updated_at: updatedAt, deleted_at: deletedAt ?? null },
    category_id: categoryId ?? null,
    family_id: membership?.familyId ?? null,
    options: membership?.options ?? null,
    options_key: membership ? optionsKey(membership) : null,
  }
}

const lockSql = 'select 1 from inventory.products where id = any ($1::uuid[]) order by id for update'

export const findSql = `${selectProduct(liveProducts)} where p.id = any ($1::uuid[])`

const given = `given as materialized (
    select * from jsonb_to_recordset($1::jsonb) as each (
      id uuid, sku text, name text, category text, description text, images text[], price_minor bigint, currency text,
      weight_grams int, version int, created_at timestamptz, updated_at timestamptz, deleted_at timestamptz,
      category_id uuid, attributes jsonb, family_id uuid, options jsonb, options_key text, available int
    )
  )`

const insertSql = `
  with ${given}, product as (
    insert into inventory.products
      (id, sku, name, category, description, images, price_minor, currency, weight_grams, version,
       created_at, updated_at, category_id, attributes, family_id, options, options_key)
    select id, sku, name, category, description, images, price_minor, currency, weight_grams, version,
      created_at, updated_at, category_id, attributes, family_id, options, options_key from given order by id
  ), stock as (
    insert into inventory.stock (product_id, available) select id, available from given
  )
  insert into inventory.stock_movements (product_id, kind, quantity, reason, at)
  select id, 'restock', available, 'opening stock', created_at from given where available > 0 order by id`

const updateSql = `
  with ${given}
  update inventory.products p set sku = g.sku, name = g.name, category = g.category, description = g.description,
    images = g.images, price_minor = g.price_minor, weight_grams = g.weight_grams, version = g.version,
    updated_at = g.updated_at, deleted_at = g.deleted_at, category_id = g.category_id, attributes = g.attributes,
    family_id = g.family_id, options = g.options, options_key = g.options_key
  from given g where p.id = g.id`
