import { setTimeout as sleep } from 'node:timers/promises'
import { query } from '../shared/database.ts'

/** The age of the oldest pending order; undefined while the database did not answer. */
export type Sample = { readonly at: number; readonly oldestMs: number | undefined }

export type Watch = { readonly samples: readonly Sample[]; readonly stop: () => Promise<void> }

const sampleEveryMs = 250
/** A pending order that is younger than this is normal. */
const youngMs = 5_000

const oldestSql = `
  select coalesce(extract(epoch from now() - min(created_at)) * 1000, 0)::float8 as oldest
  from orders.orders where status = 'pending'`

/**
 * Reads directly from the database, with a new connection each time, so that a connection that a fault broke does not
 * matter.
 */
export const oldestPendingMs = (databaseUrl: string) => async (): Promise<number | undefined> => {
  const [row] = await query<{ oldest: number }>(databaseUrl, oldestSql)
  return row?.oldest
}

/** Looks until it is told to stop, and then once more, so that a recovery by the end is seen. */
export function watchPending(look: () => Promise<number | undefined>): Watch {
  const samples: Sample[] = []
  const stop = new AbortController()
  const sample = async (): Promise<void> => {
    const oldestMs = await look().catch(() => undefined)
    samples.push({ at: Date.now(), oldestMs })
  }
  const watching = (async () => {
    while (!stop.signal.aborted) {
      await sample()
      await sleep(sampleEveryMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
    await sample()
  })()
  return {
    samples,
    async stop() {
      stop.abort()
      await watching
    },
  }
}

/** Milliseconds from the end of a fault; undefined when it had not recovered by the end of the drain. */
export type Recovery = {
  /** The time until the oldest pending order was younger than 5 s. */
  readonly youngMs: number | undefined
  /** The time until every order was decided that was placed before the end of the fault. */
  readonly decidedMs: number | undefined
}

/** Both times are upper bounds, because other faults that come meanwhile may hold up the same orders. */
export function recoveryOf(samples: readonly Sample[], endedAt: number): Recovery {
  const firstMs = (isTrue: (oldestMs: number, at: number) => boolean): number | undefined => {
    const found = samples.find(
      ({ at, oldestMs }) => at >= endedAt && oldestMs !== undefined && isTrue(oldestMs, at),
    )
    return found && found.at - endedAt
  }
  return {
    youngMs: firstMs((oldestMs) => oldestMs < youngMs),
    decidedMs: firstMs((oldestMs, at) => oldestMs === 0 || at - oldestMs >= endedAt),
  }
}
