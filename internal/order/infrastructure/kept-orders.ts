import { LRUCache } from 'lru-cache'
import type { Sql } from '../../platform/database.ts'
import { groupCommit } from '../../platform/group-commit.ts'
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
  readonly ofUser: (userId: string, after: string | undefined, limit: number) => Promise<readonly Order[]>
}

/** About 15 MB of usual orders. */
const defaultLimit = 4_000

export function keepOrders(sql: Sql, limit = defaultLimit): KeptOrders {
  const kept = new LRUCache<string, { readonly state: State; readonly order: Order }>({ max: limit })

  function find(state: State): Order | undefined {
    const [id, revision, updatedAt] = state
    const found = kept.get(id)
    return found?.state[1] === revision && found.state[2] === updatedAt ? found.order : undefined
  }

  async function load(ids: readonly string[]): Promise<ReadonlyMap<string, Order>> {
    const rows = await selectOrders(sql, 'o.id = any($1::uuid[])', ids)
    return new Map(
      rows.map((row) => {
        const order = fromRow(row)
        kept.set(row.id, { state: [row.id, row.revision, row.updated_at], order })
        return [row.id, order]
      }),
    )
  }

  const statesOf = groupCommit((pages: readonly Page[]) => findStates(sql, pages), {
    ...{ maxBatch: 100, inFlight: 2, isOutage: () => true },
  })

  return {
    async ofUser(userId, after, wanted) {
      const states = await statesOf({ userId, after, wanted })
      const found = states.map((state) => ({ id: state[0], order: find(state) }))
      const missing = found.flatMap(({ id, order }) => (order ? [] : [id]))
      const loaded = missing.length > 0 ? await load(missing) : undefined
      return found.flatMap(({ id, order }) => order ?? loaded?.get(id as OrderId) ?? [])
    },
  }
}

type Page = { readonly userId: string; readonly after: string | undefined; readonly wanted: number }

/** The pages that are asked for together are looked up together. */
async function findStates(sql: Sql, pages: readonly Page[]): Promise<readonly (readonly State[])[]> {
  const rows = await sql.$queryRawUnsafe<readonly { readonly states: readonly State[] }[]>(
    statesSql,
    pages.map(({ userId }) => userId),
    pages.map(({ after }) => after ?? null),
    pages.map(({ wanted }) => wanted),
  )
  return rows.map(({ states }) => states)
}

const statesSql = `
  select (
    select coalesce(json_agg(json_build_array(id, revision, updated_at)), '[]') from (
      select id, revision, updated_at from orders.orders
      where user_id = p.user_id and (p.after is null or id < p.after)
      order by id desc limit p.wanted
    ) as found
  ) as states
  from unnest($1::uuid[], $2::uuid[], $3::int[]) with ordinality as p (user_id, after, wanted, place)
  order by p.place`
