import type { PoolSql } from '../../platform/pool-sql.ts'
import type { DueComparison, Work } from '../application/work.ts'
import { leaseEnd } from './lease.ts'

const dayMs = 86_400_000
/** A page of the daily comparison is overlapped by so much, for what a provider lists late. */
const overlapMs = 3_600_000

export const after = (date: Date, ms: number): Date => new Date(date.getTime() + ms)

export async function moveComparison(
  sql: PoolSql,
  { provider, to }: DueComparison,
  { cursor, at }: Parameters<Work['moveComparison']>[1],
): Promise<void> {
  const isOver = cursor === undefined
  await sql.$executeRawUnsafe(
    isOver
      ? `update payments.comparisons set from_at = $2, to_at = $2, cursor = null, next_at = $3 where provider = $1`
      : `update payments.comparisons set cursor = $2, next_at = $3 where provider = $1`,
    ...[provider, isOver ? after(to, -overlapMs) : cursor, isOver ? after(at, dayMs) : at],
  )
}

export async function planComparisons(sql: PoolSql, now: Date, providers: readonly string[]): Promise<void> {
  await sql.$executeRawUnsafe(
    `insert into payments.comparisons (provider, from_at, to_at, next_at)
     select name, $2, $2, $3 from unnest($1::text[]) as name on conflict do nothing`,
    ...[providers, after(now, -overlapMs), after(now, dayMs)],
  )
}

export async function takeComparison(
  sql: PoolSql,
  now: Date,
  providers: readonly string[],
): Promise<DueComparison | undefined> {
  const [row] = await sql.$queryRawUnsafe<
    readonly (Omit<DueComparison, 'cursor'> & { cursor: string | null })[]
  >(
    `update payments.comparisons c set next_at = $2, to_at = case when c.cursor is null then $1 else c.to_at end
     from (
       select provider from payments.comparisons where next_at <= $1 and provider = any ($3::text[]) limit 1
       for update skip locked
     ) as due
     where c.provider = due.provider
     returning c.provider, c.from_at as "from", c.to_at as "to", c.cursor`,
    ...[now, leaseEnd(now), providers],
  )
  return row && { ...row, cursor: row.cursor ?? undefined }
}
