import { setTimeout as sleep } from 'node:timers/promises'
import { query } from '../shared/database.ts'

/** How old the oldest pending order was; undefined while the database did not say. */
export type Sample = { readonly at: number; readonly oldestMs: number | undefined }

export type Watch = { readonly samples: readonly Sample[]; readonly stop: () => Promise<void> }

const sampleEveryMs = 250
/** An order that is younger is on its way. */
const youngMs = 5_000

const oldestSql = `
  select coalesce(extract(epoch from now() - min(created_at)) * 1000, 0)::float8 as oldest
  from orders.orders where status = 'pending'`

/** Past the services and the proxies, with a connection for each look: what breaks must not stay broken here. */
export const oldestPendingMs = (databaseUrl: string) => async (): Promise<number | undefined> => {
  const [row] = await query<{ oldest: number }>(databaseUrl, oldestSql)
  return row?.oldest
}

/** Looks until it is told to stop, and then once more: what has recovered by the end has recovered. */
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

/** From a fault's end on, in milliseconds; undefined: not by the end of the drain. */
export type Recovery = {
  /** Until the oldest pending order was younger than 5 s. */
  readonly youngMs: number | undefined
  /** Until every order that was placed before the fault's end was decided. */
  readonly decidedMs: number | undefined
}

/** Across whatever faults come meanwhile, which hold up the same orders and others: upper bounds both. */
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
