import { LRUCache } from 'lru-cache'
import type { Sql } from '../../platform/database.ts'
import type { Order, OrderId } from '../domain/order.ts'
import { fromRow, selectOrders } from './order-rows.ts'

/** What identifies a state of an order: every change that somebody can see raises the revision. */
type State = readonly [id: string, revision: number, updatedAt: string]

/**
 * Keeps orders that were read. The database is asked each time which state of them is the present one, so what is
 * returned is never older than the question, whichever process has changed it.
 */
export type KeptOrders = {
  /** The orders of a person, newest first, beginning behind `after`. */
  readonly ofUser: (
    sql: Sql,
    userId: string,
    after: string | undefined,
    limit: number,
  ) => Promise<readonly Order[]>
}

/** About 15 MB of usual orders. */
const defaultLimit = 4_000

export function keepOrders(limit = defaultLimit): KeptOrders {
  const kept = new LRUCache<string, { readonly state: State; readonly order: Order }>({ max: limit })

  function find(state: State): Order | undefined {
    const [id, revision, updatedAt] = state
    const found = kept.get(id)
    return found?.state[1] === revision && found.state[2] === updatedAt ? found.order : undefined
  }

  async function load(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, Order>> {
    const rows = await selectOrders(sql, 'o.id = any($1::uuid[])', ids)
    return new Map(
      rows.map((row) => {
        const order = fromRow(row)
        kept.set(row.id, { state: [row.id, row.revision, row.updated_at], order })
        return [row.id, order]
      }),
    )
  }

  return {
    async ofUser(sql, userId, after, wanted) {
      const [row] = await sql.$queryRawUnsafe<{ readonly states: readonly State[] }[]>(
        ...[statesSql, userId, after ?? null, wanted],
      )
      const found = (row?.states ?? []).map((state) => ({ id: state[0], order: find(state) }))
      const missing = found.flatMap(({ id, order }) => (order ? [] : [id]))
      const loaded = missing.length > 0 ? await load(sql, missing) : undefined
      return found.flatMap(({ id, order }) => order ?? loaded?.get(id as OrderId) ?? [])
    },
  }
}

const statesSql = `
  select coalesce(json_agg(json_build_array(id, revision, updated_at)), '[]') as states from (
    select id, revision, updated_at from orders.orders
    where user_id = $1::uuid and ($2::uuid is null or id < $2::uuid)
    order by id desc limit $3
  ) found`
