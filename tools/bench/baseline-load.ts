import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { newId } from '../../internal/platform/new-id.ts'
import { baselineStatements, type Statement } from './baseline-sql.ts'
import { closedLoop, forSeconds, oneOf, type Load } from './load.ts'
import { createMeter } from '../shared/meter.ts'
import type { BaselineWork } from './work.ts'

/** Bare PostgreSQL: it writes what an order writes, in one transaction for each order, and nothing else. */
export async function baselineLoad({ databaseUrl, connections, productIds }: BaselineWork): Promise<Load> {
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new pg.Client({ connectionString: databaseUrl, application_name: 'tillstream bench' })
      await client.connect()
      return client
    }),
  )
  const meter = createMeter()
  let seconds = 0
  return {
    async run(wanted) {
      const startedAt = performance.now()
      await closedLoop(connections, forSeconds(wanted), async (user) => {
        const client = clients[user]
        if (!client) return
        const sentAt = performance.now()
        await placeOrder(client, oneOf(productIds))
        meter.record(performance.now() - sentAt)
      })
      seconds = (performance.now() - startedAt) / 1_000
    },
    drain: async () => {},
    reset: () => meter.reset(),
    measured: () => ({ seconds, done: meter.count(), latency: meter.latency(), errors: {} }),
    progress: () => ({ done: meter.count(), settled: 0 }),
    async close() {
      await Promise.all(clients.map((client) => client.end()))
    },
  }
}

async function placeOrder(client: pg.Client, productId: string): Promise<void> {
  const order = {
    id: newId(),
    userId: newId(),
    productId,
    key: randomUUID(),
    eventId: newId(),
    at: new Date(),
  }
  await client.query('begin')
  for (const { name, text, values } of baselineStatements) await run(client, name, text, values(order))
  await client.query('commit')
}

const run = (client: pg.Client, name: string, text: string, values: ReturnType<Statement['values']>) =>
  client.query({ name, text, values: [...values] })
