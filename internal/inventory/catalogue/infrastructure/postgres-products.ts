import type { Facts } from '../../../platform/act.ts'
import { recordActs } from '../../../platform/activity.ts'
import type { Trace } from '../../../platform/call.ts'
import { retryContention, sqlState, type Sql } from '../../../platform/database.ts'
import { claimKey, findKey } from '../../../platform/idempotency-keys.ts'
import { coalesce } from '../../../platform/group-commit.ts'
import { fitting } from '../../../platform/message-size.ts'
import { appendToOutbox, outboxCtes, outboxParameters, type WakeProducer } from '../../../platform/outbox.ts'
import type { PoolSql } from '../../../platform/pool-sql.ts'
import type { ListedProduct, Products } from '../application/products.ts'
import type { ProductId } from '../../domain/ids.ts'
import { skuTaken, type Product, type ProductChange } from '../domain/product.ts'
import { productNotFound } from '../../domain/product-not-found.ts'
import { encodeProductEvent } from './product-events.ts'
import { listQuery, sortKeyOf } from './product-list-sql.ts'
import {
  fromRow,
  liveProducts,
  productSize,
  quoteFromRow,
  selectProduct,
  selectProducts,
  type QuoteRow,
} from './product-rows.ts'

export function postgresProducts(sql: PoolSql, wakeProducer: WakeProducer): Products {
  return {
    async findByRequest(once) {
      const id = await findKey(sql, 'inventory', once)
      if (id === undefined) return undefined
      const found = (await findProducts(sql, [id as ProductId])).get(id as ProductId)
      if (!found) throw productNotFound()
      return found
    },
    async add(change, openingStock, trace, once) {
      await refuseTakenSku(
        sql.transaction(async (tx) => {
          await claimKey(tx, 'inventory', once, change.state.id)
          await insertProduct(tx, change, openingStock, trace)
          const after = { ...factsOf(change.state), stock: openingStock }
          await recordActs(tx, trace, [{ what: 'product.created', subjectId: change.state.id, after }])
        }),
      )
      wakeProducer()
      return { product: change.state, available: openingStock }
    },
    async update(id, decide, trace) {
      const updated = await refuseTakenSku(
        retryContention(() => sql.transaction((tx) => updateLocked(tx, id, decide, trace))),
      )
      wakeProducer()
      return updated
    },
    find: coalesce((ids: readonly ProductId[]) => findProducts(sql, ids)),
    // Not coalesced: the order service has done that, and to gather once more would cost each order a turn of the event loop.
    async quote(ids, withImages = false) {
      const rows = await sql.$queryRawUnsafe<QuoteRow[]>(withImages ? quoteWithImagesSql : quoteSql, ids)
      return new Map(rows.map((row) => [row.id, quoteFromRow(row)]))
    },
    async list(filter, sort, limit, after) {
      const { text, values } = listQuery(filter, sort, limit, after)
      const rows = await selectProducts(sql, text, ...values)
      const count = Math.min(limit, fitting(rows, productSize))
      const last = rows.length > count ? rows[count - 1] : undefined
      return {
        products: rows.slice(0, count).map(fromRow),
        next: last && { key: sortKeyOf(last, sort), id: last.id },
      }
    },
  }
}

const findSql = `${selectProduct(liveProducts)} where p.id = any ($1::uuid[])`

const selectQuotes = (more: string): string => `
  select p.id, p.sku, p.name, p.category, p.price_minor, p.currency, p.weight_grams, s.available${more}
  from ${liveProducts}
  where p.id = any ($1::uuid[]) and s.product_id = any ($1::uuid[])`

const quoteSql = selectQuotes('')
const quoteWithImagesSql = selectQuotes(', p.images[1] as image')

async function findProducts(
  db: Sql,
  ids: readonly ProductId[],
): Promise<ReadonlyMap<ProductId, ListedProduct>> {
  const rows = await selectProducts(db, findSql, ids)
  return new Map(rows.map((row) => [row.id, fromRow(row)]))
}

const insertSql = `
  with product as (
    insert into inventory.products
      (id, sku, name, category, description, images, price_minor, currency, weight_grams, version,
       created_at, updated_at)
    values ($1::uuid, $2, $3, $4, $5, $6::text[], $7::bigint, $8, $9::int, $10::int, $11::timestamptz, $11::timestamptz)
  ), stock as (
    insert into inventory.stock (product_id, available) values ($1::uuid, $12::int)
  ), ledger as (
    insert into inventory.stock_movements (product_id, kind, quantity, reason, at)
    select $1::uuid, 'restock', $12::int, 'opening stock', $11::timestamptz where $12::int > 0
  ), ${outboxCtes(13)} select 1`

async function insertProduct(
  db: Sql,
  { state, events }: ProductChange,
  available: number,
  trace: Trace,
): Promise<void> {
  const { id, sku, name, category, description, images, price, weightGrams, version, createdAt } = state
  const outbox = outboxParameters(events.map((event) => encodeProductEvent(event, available, trace)))
  const columns = [
    id,
    sku,
    name,
    category,
    description,
    images,
    price.minor,
    price.currency,
    weightGrams ?? null,
    version,
    createdAt,
  ]
  await db.$executeRawUnsafe(insertSql, ...columns, available, ...outbox)
}

async function updateLocked(
  tx: Sql,
  id: ProductId,
  decide: (product: Product) => ProductChange,
  trace: Trace,
): Promise<ListedProduct> {
  const [row] = await selectProducts(tx, `${findSql} for update of p`, [id])
  if (!row) throw productNotFound()
  const { product, available } = fromRow(row)
  const { state, events } = decide(product)
  if (events.length === 0) return { product: state, available }
  await tx.$executeRawUnsafe(updateSql, ...updateColumns(state))
  await appendToOutbox(
    tx,
    events.map((event) => encodeProductEvent(event, available, trace)),
  )
  const isGone = state.deletedAt !== undefined
  const [before, after] = [factsOf(product), isGone ? undefined : factsOf(state)]
  await recordActs(tx, trace, [
    { what: isGone ? 'product.deleted' : 'product.updated', subjectId: id, before, after },
  ])
  return { product: state, available }
}

/** What the log of who did what keeps. */
const factsOf = ({ sku, name, category, description, images, price, weightGrams }: Product): Facts => ({
  ...{ sku, name, category, description, images, weightGrams },
  ...{ priceMinor: price.minor, currency: price.currency },
})

const updateSql = `update inventory.products set sku = $2, name = $3, category = $4, description = $5,
  images = $6::text[], price_minor = $7::bigint, weight_grams = $8::int, version = $9::int,
  updated_at = $10::timestamptz, deleted_at = $11::timestamptz where id = $1::uuid`

function updateColumns(product: Product): readonly unknown[] {
  const { id, sku, name, category, description, images, price, weightGrams } = product
  const { version, updatedAt, deletedAt } = product
  const catalogue = [id, sku, name, category, description, images, price.minor, weightGrams ?? null]
  return [...catalogue, version, updatedAt, deletedAt ?? null]
}

/** 23505, unique violation: the only unique value that a caller chooses is the SKU. */
async function refuseTakenSku<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (err) {
    throw sqlState(err) === '23505' ? skuTaken() : err
  }
}
