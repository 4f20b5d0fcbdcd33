import { query } from '../shared/database.ts'
import { until } from '../shared/wait.ts'

/** Twice as long as the sweeper and a redelivery take together. */
const withinMs = 120_000

const openSql = `
  select (select count(*) from orders.orders where status = 'pending' or awaiting_release)
    + (select count(*) from producer.unpublished) as open`

/** Returns how long it took until nothing is pending and everything is published; undefined when it took too long. */
export async function comeToRest(databaseUrl: string): Promise<number | undefined> {
  const startedAt = performance.now()
  const isAtRest = async (): Promise<boolean> =>
    (await query<{ open: string }>(databaseUrl, openSql))[0]?.open === '0'
  const hasCome = await until(isAtRest, { withinMs, everyMs: 200 })
  return hasCome && Math.round(performance.now() - startedAt)
}
