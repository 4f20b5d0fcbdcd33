import type { Trace } from '../../../platform/call.ts'
import { retryContention, sqlState, type Sql } from '../../../platform/database.ts'
import { claimKey, findKey } from '../../../platform/idempotency-keys.ts'
import { coalesce } from '../../../platform/group-commit.ts'
import { fitting } from '../../../platform/message-size.ts'
import type { WakeProducer } from '../../../platform/outbox.ts'
import type { PoolSql } from '../../../platform/pool-sql.ts'
import { textKey } from '../../../platform/search-text.ts'
import type { ListedProduct, Products, ProductWrite, Stored } from '../application/products.ts'
import { storeByHalves } from '../application/store-by-halves.ts'
import type { ProductId } from '../../domain/ids.ts'
import { skuTaken } from '../domain/product.ts'
import { productNotFound } from '../../domain/product-not-found.ts'
import { optionsTaken } from '../domain/family.ts'
import { findQuotes } from './find-quotes.ts'
import { categoriesWithin, listQuery, sortKeyOf } from './product-list-sql.ts'
import { fromRow, liveProducts, productSize, selectProduct, selectProducts } from './product-rows.ts'
import { findSql, storeProducts } from './write-products.ts'

export function postgresProducts(sql: PoolSql, wakeProducer: WakeProducer): Products {
  const write = async (
    writes: readonly ProductWrite[],
    trace: Trace,
    begin = async (_tx: Sql): Promise<void> => undefined,
  ): Promise<readonly ListedProduct[]> => {
    const work = async (tx: Sql) => {
      await begin(tx)
      return storeProducts(tx, writes, trace)
    }
    const stored = await refuseTaken(retryContention(() => sql.transaction(work)))
    wakeProducer()
    return stored
  }

  return {
    async findByRequest(once) {
      const id = await findKey(sql, 'inventory', once)
      if (id === undefined) return undefined
      const found = (await findProducts(sql, [id as ProductId])).get(id as ProductId)
      if (!found) throw productNotFound()
      return found
    },
    async add(change, openingStock, trace, once) {
      const claim = (tx: Sql) => claimKey(tx, 'inventory', once, change.state.id)
      const [added] = await write([{ kind: 'add', change, openingStock }], trace, claim)
      if (!added) throw productNotFound()
      return added
    },
    async update(id, decide, trace) {
      const [updated] = await write([{ kind: 'update', id, decide }], trace)
      if (!updated) throw productNotFound()
      return updated
    },
    async storeEach(writes, trace, isTrial = false) {
      const stored = await retryContention(() => storeOrTry(sql, writes, trace, isTrial))
      wakeProducer()
      return stored
    },
    find: coalesce((ids: readonly ProductId[]) => findProducts(sql, ids)),
    async findBySku(skus) {
      const rows = await selectProducts(sql, bySkuSql, skus.map(textKey))
      return new Map(rows.map((row) => [textKey(row.sku), fromRow(row)]))
    },
    // Not coalesced: the order service has done that, and to gather once more would cost each order a turn of the event loop.
    quote: (ids, withImages = false) => findQuotes(sql, ids, withImages),
    async list(filter, sort, limit, after) {
      const { category } = filter
      const categoryIds = category === undefined ? undefined : await categoriesWithin(sql, category)
      const { text, values } = listQuery({ ...filter, categoryIds }, sort, limit, after)
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

const bySkuSql = `${selectProduct(liveProducts)}
  where p.id = any (array(select product_id from inventory.product_search where sku_key = any ($1::text[])))`

async function findProducts(
  db: Sql,
  ids: readonly ProductId[],
): Promise<ReadonlyMap<ProductId, ListedProduct>> {
  const rows = await selectProducts(db, findSql, ids)
  return new Map(rows.map((row) => [row.id, fromRow(row)]))
}

/** Parts that are refused are undone, and the others stay until the transaction ends. */
async function storeOrTry(
  sql: PoolSql,
  writes: readonly ProductWrite[],
  trace: Trace,
  isTrial: boolean,
): Promise<readonly Stored[]> {
  let stored: readonly Stored[] = []
  const work = async (tx: Sql): Promise<void> => {
    const attempt = (part: readonly ProductWrite[]) =>
      undoable(tx, () => refuseTaken(storeProducts(tx, part, trace, isTrial)))
    stored = await storeByHalves(writes, attempt)
    if (isTrial) throw new TakenBack()
  }
  try {
    await sql.transaction(work)
  } catch (err) {
    if (!(err instanceof TakenBack)) throw err
  }
  return stored
}

/** Ends a transaction that went well. */
class TakenBack extends Error {}

async function undoable<Result>(tx: Sql, work: () => Promise<Result>): Promise<Result> {
  await tx.$executeRawUnsafe('savepoint part')
  try {
    return await work()
  } catch (err) {
    // Where the connection is lost, that is the error.
    await tx.$executeRawUnsafe('rollback to savepoint part').catch(() => undefined)
    throw err
  }
}

/** 23505, unique violation: what a caller chooses and must be unique is the SKU, and the options within a family. */
async function refuseTaken<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (err) {
    if (sqlState(err) !== '23505') throw err
    throw String(err).includes('products_family_options_key') ? optionsTaken() : skuTaken()
  }
}
