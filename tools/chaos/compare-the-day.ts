import { query, withClient } from '../shared/database.ts'
import { until } from '../shared/wait.ts'
import { readBooks } from './end-money.ts'
import type { Field } from './field.ts'
import { differingPayments } from './judge-money.ts'
import { comeToRest } from './rest.ts'
import { payBackByHand, type Staff } from './staff.ts'

const withinMs = 600_000

export type Settled = {
  /** Until all was at rest, before and after the comparison; undefined when it took too long. */
  readonly drainMs: number | undefined
  /** Payments of which only the comparison of the day has found what the provider knew. */
  readonly foundByComparison: number
  /** Refunds that staff have paid back at the bank, because no provider could. */
  readonly paidBackByHand: number
}

/**
 * Waits for rest, then lets the day pass after which the payments compare their books with the provider: who has
 * approved an attempt that was called back is told of by one webhook, and that may have been lost. In the end staff do
 * what waits for them.
 */
export async function settleMoney(field: Field, staff: Staff): Promise<Settled> {
  const { databaseUrl, provider } = field
  const before = await comeToRest(databaseUrl)
  const { payments } = await withClient(databaseUrl, readBooks)
  const foundByComparison = differingPayments(payments, await provider.charges()).length
  await query(databaseUrl, `update payments.comparisons set next_at = now()`)
  const isCompared = async (): Promise<boolean> => {
    const [row] = await query<{ readonly left: string }>(
      databaseUrl,
      `select count(*) as left from payments.comparisons where next_at < now() + interval '1 hour'`,
    )
    return row?.left === '0'
  }
  const isOver = await until(isCompared, { withinMs, everyMs: 500 })
  const after = await comeToRest(databaseUrl)
  const paidBackByHand = await payBackByHand(field, staff)
  const last = await comeToRest(databaseUrl)
  const isAtRest = before !== undefined && isOver !== undefined && after !== undefined && last !== undefined
  return { drainMs: isAtRest ? before + after + last : undefined, foundByComparison, paidBackByHand }
}
