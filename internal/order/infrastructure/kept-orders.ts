import { LRUCache } from 'lru-cache'
import type { Sql } from '../../platform/database.ts'
import type { Order, OrderId } from '../domain/order.ts'
import type { OrderPage } from '../application/orders.ts'
import { cutPage } from './cut-page.ts'
import { pageNews, type News, type State } from './page-news.ts'
import { fromRow, selectOrders } from './order-rows.ts'

/**
 * Keeps orders and pages that were read. The database is asked each time whether a page is still as it was, so what is
 * returned is never older than the question, whichever process has changed it.
 */
export type KeptOrders = {
  /**
   * The orders of a person, newest first, beginning behind `after`. As long as nothing of a page changes it is the same
   * object, so that whoever makes something of it can keep that as well.
   */
  readonly page: (userId: string, after: string | undefined, limit: number) => Promise<OrderPage>
}

type KeptOrder = { readonly state: State; readonly order: Order }
type KeptPage = { readonly print: string; readonly page: OrderPage }

/** About 15 MB of usual orders. */
const maxOrders = 4_000

/** Orders and their lines. What is shown of them is kept with a page, and takes about 300 bytes for each. */
const maxPartsOfPages = 50_000

export function keepOrders(sql: Sql): KeptOrders {
  const orders = new LRUCache<string, KeptOrder>({ max: maxOrders })
  const pages = new LRUCache<string, KeptPage>({
    maxSize: maxPartsOfPages,
    sizeCalculation: ({ page }) => page.orders.reduce((sum, { lines }) => sum + 1 + lines.length, 1),
  })
  const newsOf = pageNews(sql)

  function find([id, revision, updatedAt]: State): Order | undefined {
    const found = orders.get(id)
    return found?.state[1] === revision && found.state[2] === updatedAt ? found.order : undefined
  }

  async function load(ids: readonly string[]): Promise<ReadonlyMap<string, Order>> {
    const rows = await selectOrders(sql, 'o.id = any($1::uuid[])', ids)
    return new Map(
      rows.map((row) => {
        const order = fromRow(row)
        orders.set(row.id, { state: [row.id, row.revision, row.updated_at], order })
        return [row.id, order]
      }),
    )
  }

  async function ordersIn(states: readonly State[]): Promise<readonly Order[]> {
    const found = states.map((state) => ({ id: state[0], order: find(state) }))
    const missing = found.flatMap(({ id, order }) => (order ? [] : [id]))
    const loaded = missing.length > 0 ? await load(missing) : undefined
    return found.flatMap(({ id, order }) => order ?? loaded?.get(id as OrderId) ?? [])
  }

  /** An order that changes between the two questions is newer than the print, so the next caller reads the page again. */
  async function read({ print, states }: News, key: string, limit: number): Promise<OrderPage> {
    const page = cutPage(await ordersIn(states), limit)
    pages.set(key, { print, page })
    return page
  }

  return {
    async page(userId, after, limit) {
      const key = `${userId} ${after ?? ''} ${limit}`
      const kept = pages.get(key)
      const news = await newsOf({ userId, after, wanted: limit + 1, known: kept?.print })
      const page = news ? await read(news, key, limit) : kept?.page
      if (!page) throw new Error('a page that is not known cannot be unchanged')
      return page
    },
  }
}
