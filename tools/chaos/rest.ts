import { setTimeout as sleep } from 'node:timers/promises'
import { query } from './faults/database-access.ts'

/** Twice what the sweeper and a redelivery take together. */
const withinMs = 120_000

const openSql = `
  select (select count(*) from orders.orders where status = 'pending' or awaiting_release)
    + (select count(*) from producer.unpublished) as open`

/** How long it took until nothing is pending and everything is published; undefined: too long. */
export async function comeToRest(databaseUrl: string): Promise<number | undefined> {
  const startedAt = performance.now()
  for (;;) {
    const [row] = await query<{ open: string }>(databaseUrl, openSql)
    const tookMs = Math.round(performance.now() - startedAt)
    if (row?.open === '0') return tookMs
    if (tookMs > withinMs) return undefined
    await sleep(200)
  }
}
