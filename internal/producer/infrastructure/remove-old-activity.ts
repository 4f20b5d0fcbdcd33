import type { Sql } from '../../platform/database.ts'
import type { Log } from '../../platform/log.ts'
import { createSignal } from '../../platform/signal.ts'

const removedAtOnce = 500
const restMs = 60_000
/** While there is more to remove: others have the database to themselves in between. */
const pauseMs = 1_000

/**
 * Removes a few of the oldest entries of the log of who did what. It waits for nobody who holds one. The database itself
 * keeps what is younger than 30 days. Returns whether there may be more.
 */
export const removeOldActivity =
  (
    sql: Pick<Sql, '$queryRawUnsafe'>,
    { keptMs, now }: { readonly keptMs: number; readonly now: () => Date },
  ) =>
  async (atOnce = removedAtOnce): Promise<boolean> => {
    const olderThan = new Date(now().getTime() - keptMs)
    const [row] = await sql.$queryRawUnsafe<readonly { readonly removed: number }[]>(
      'select producer.remove_old_activity($1::timestamptz, $2::integer) as removed',
      ...[olderThan, atOnce],
    )
    return (row?.removed ?? 0) >= atOnce
  }

type Sweep = {
  /** Returns whether there may be more. */
  readonly remove: () => Promise<boolean>
  readonly log: Log
}

/** Removes what is too old, from time to time until `stopped`. */
export async function sweepActivity(
  { remove, log }: Sweep,
  stopped: AbortSignal,
  { rest = restMs, pause = pauseMs } = {},
): Promise<void> {
  const stop = createSignal()
  const isStopped = (): boolean => stopped.aborted
  stopped.addEventListener('abort', stop.notify)
  while (!isStopped()) {
    const hasMore = await remove().catch((err: unknown) => {
      log.warn({ err }, 'old entries of the log of who did what could not be removed; it is tried again')
      return false
    })
    if (!isStopped()) await stop.wait(hasMore ? pause : rest)
  }
}
