import { markSql } from '../../../platform/copy-digest.ts'
import { retryContention, type Sql } from '../../../platform/database.ts'
import { claimKey, findKey } from '../../../platform/idempotency-keys.ts'
import type { WakeProducer } from '../../../platform/outbox.ts'
import type { PoolSql } from '../../../platform/pool-sql.ts'
import type { CategoryId } from '../../domain/ids.ts'
import type { Categories } from '../application/categories.ts'
import {
  categoryNotFound,
  type Category,
  type CategoryChange,
  type CategoryTree,
} from '../domain/category.ts'
import { categoryOf, lockTree, selectCategories, storeCategories, type CategoryRow } from './category-rows.ts'

export function postgresCategories(sql: PoolSql, wakeProducer: WakeProducer): Categories {
  const find = async (id: CategoryId): Promise<Category | undefined> => {
    const [row] = await sql.$queryRawUnsafe<CategoryRow[]>(findSql, id)
    return row && categoryOf(row)
  }
  const commit = async (work: (tx: Sql) => Promise<Category>): Promise<Category> => {
    const category = await retryContention(() => sql.transaction(work))
    wakeProducer()
    return category
  }
  return {
    find,
    async list() {
      const rows = await sql.$queryRawUnsafe<CategoryRow[]>(listSql)
      return rows.map(categoryOf)
    },
    async mark() {
      const [row] = await sql.$queryRawUnsafe<{ readonly mark: string }[]>(treeMarkSql)
      return row?.mark ?? ''
    },
    async findByRequest(once) {
      const id = await findKey(sql, 'inventory', once)
      if (id === undefined) return undefined
      const category = await find(id as CategoryId)
      if (!category) throw categoryNotFound()
      return category
    },
    change: (decide, trace, once) =>
      commit(async (tx) => {
        const tree = await lockTree(tx)
        const { state, events } = decide(tree)
        await claimKey(tx, 'inventory', once, state.id)
        await storeCategories(tx, tree, events, trace)
        return state
      }),
    async remove(id, decide, trace) {
      await commit(async (tx) => {
        const tree = await lockTree(tx)
        const { state, events } = await decideRemoval(tx, tree, id, decide)
        await storeCategories(tx, tree, events, trace)
        return state
      })
    },
  }
}

/** The lock waits for products that are on their way into the category, and the next ones wait for the lock. */
async function decideRemoval(
  tx: Sql,
  tree: CategoryTree,
  id: CategoryId,
  decide: Parameters<Categories['remove']>[1],
): Promise<CategoryChange> {
  await tx.$queryRawUnsafe(lockSql, id)
  const [row] = await tx.$queryRawUnsafe<{ readonly found: boolean }[]>(hasProductsSql, id)
  return decide(tree, row?.found ?? false)
}

const findSql = `${selectCategories} where id = $1::uuid and deleted_at is null`

/** A name that goes on comes behind what is below the shorter one. */
const listSql = `${selectCategories} where deleted_at is null order by string_to_array(path_key, '/') collate "C"`

const treeMarkSql = `select count(*) || ' ' || coalesce(sum(${markSql(`id || ':' || version`)}), 0) as mark
  from inventory.categories where deleted_at is null`

const lockSql = 'select 1 from inventory.categories where id = $1::uuid for update'

const hasProductsSql = `select exists (
  select from inventory.products where category_id = $1::uuid and deleted_at is null) as found`
