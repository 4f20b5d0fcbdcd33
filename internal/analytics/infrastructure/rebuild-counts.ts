import type pg from 'pg'
import { sumsOf } from './count-sql.ts'

const dayMs = 86_400_000

/** How many days of how many are done, and how many sums that were. */
export type TellRebuilt = (done: number, days: number, counts: number) => void

/**
 * Makes all sums anew of the facts, in one transaction: whoever reads meanwhile sees the old ones, and what comes meanwhile
 * waits and is counted then. Returns how many sums there are.
 */
export async function rebuildCounts(client: pg.Client, tell: TellRebuilt): Promise<number> {
  await client.query('begin')
  // Whoever has this lock has counted all facts that can be seen.
  await client.query('lock table analytics.counts in exclusive mode')
  await client.query('delete from analytics.counts')
  const days = await daysOf(client)
  let counts = 0
  for (const [index, day] of days.entries()) {
    counts += await countDay(client, day)
    tell(index + 1, days.length, counts)
  }
  await client.query('commit')
  return counts
}

async function daysOf(client: pg.Client): Promise<readonly Date[]> {
  type Row = { readonly first: Date | null; readonly last: Date | null }
  const sql = `select date_trunc('day', min(at), 'UTC') as first, max(at) as last from analytics.facts`
  const [{ first, last } = { first: null, last: null }] = (await client.query<Row>(sql)).rows
  if (!first || !last) return []
  const length = Math.floor((last.getTime() - first.getTime()) / dayMs) + 1
  return Array.from({ length }, (_, index) => new Date(first.getTime() + index * dayMs))
}

async function countDay(client: pg.Client, day: Date): Promise<number> {
  const { rowCount } = await client.query(
    `insert into analytics.counts (kind, product_id, hour, currency, count, units, amount_minor)
     ${sumsOf('analytics.facts where at >= $1 and at < $2')}`,
    [day, new Date(day.getTime() + dayMs)],
  )
  return rowCount ?? 0
}
