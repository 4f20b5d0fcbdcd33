import { withClient } from '../shared/database.ts'
import type { FloodResult } from './flood.ts'

const decidedSql = `
  select count(*)::int as decided from orders.orders
  where status <> 'pending' and updated_at >= to_timestamp($1 / 1000.0) and updated_at < to_timestamp($2 / 1000.0)`

/** The rate of decisions while the flood lasted: what the shop can sustain, without the orders that it decided later. */
export async function decidedPerSecond(
  databaseUrl: string,
  { startedAt, seconds }: FloodResult,
): Promise<number> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ decided: number }>(decidedSql, [
      Math.round(startedAt),
      Math.round(startedAt + seconds * 1_000),
    ])
    return (rows[0]?.decided ?? 0) / seconds
  })
}
