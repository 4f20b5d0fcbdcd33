import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { openShopHttp } from '../chaos/shop-http.ts'

export type Placed = {
  readonly id: string
  readonly at: number
  /** When it was seen to be no longer pending. */
  decidedAt: number | undefined
}

type Deps = {
  readonly url: string
  readonly databaseUrl: string
  readonly tokens: readonly string[]
  readonly productIds: readonly string[]
  readonly ordersPerSecond: number
}

const lookEveryMs = 50
const decidedSql = `select id from orders.orders where id = any($1::uuid[]) and status <> 'pending'`

/** Places orders over HTTP at an even rate until told to stop, and sees when each is decided. */
export function startShoppers({ url, databaseUrl, tokens, productIds, ordersPerSecond }: Deps) {
  const http = openShopHttp(url)
  const placed: Placed[] = []
  const refused: string[] = []
  const stop = new AbortController()
  const open = (): readonly Placed[] => placed.filter(({ decidedAt }) => decidedAt === undefined)

  async function place(number: number): Promise<void> {
    const at = performance.now()
    const { status, code, body } = await http.send({
      method: 'POST',
      path: '/orders',
      token: tokens[number % tokens.length] ?? '',
      key: `cluster-${number}`,
      body: { items: [{ productId: productIds[number % productIds.length], quantity: 1 }] },
    })
    if (status === 201) placed.push({ id: (body as { id: string }).id, at, decidedAt: undefined })
    else refused.push(`${status} ${code}`)
  }

  async function placeAll(): Promise<void> {
    const startedAt = performance.now()
    const underWay = new Set<Promise<void>>()
    for (let number = 0; !stop.signal.aborted; number++) {
      const order = place(number).finally(() => underWay.delete(order))
      underWay.add(order)
      await sleep(Math.max(0, startedAt + ((number + 1) * 1_000) / ordersPerSecond - performance.now()))
    }
    await Promise.all(underWay)
  }

  async function watch(): Promise<void> {
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    while (!stop.signal.aborted || open().length > 0) {
      await look(client, open())
      await sleep(lookEveryMs)
    }
    await client.end()
  }

  const ended = Promise.all([placeAll(), watch()])
  return {
    placed: () => placed as readonly Placed[],
    refused: () => refused as readonly string[],
    open,
    async stop() {
      stop.abort()
      await ended
      await http.close()
    },
  }
}

/** Notes the time of those that are decided by now. */
async function look(client: pg.Client, undecided: readonly Placed[]): Promise<void> {
  const pending = new Map(undecided.map((order) => [order.id, order]))
  if (pending.size === 0) return
  const { rows } = await client.query<{ id: string }>(decidedSql, [[...pending.keys()]])
  const at = performance.now()
  for (const { id } of rows) {
    const order = pending.get(id)
    if (order) order.decidedAt = at
  }
}
