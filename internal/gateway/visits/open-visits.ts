import type { AnalyticsService } from '../../gen/analytics/v1/analytics_pb.ts'
import { systemCall } from '../../platform/call.ts'
import type { Log } from '../../platform/log.ts'
import { newId } from '../../platform/new-id.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Visit } from './visit.ts'

export type Visits = {
  /** Counts it in memory: nobody waits for it. */
  readonly add: (visit: Visit) => void
  /** Hands over what was counted, as far as it can. */
  readonly stop: () => Promise<void>
}

export type VisitsOptions = {
  readonly analytics: Pick<Handlers<typeof AnalyticsService>, 'countVisits'>
  readonly log: Log
  readonly everyMs?: number
  readonly now?: () => number
}

type Batch = {
  readonly batchId: string
  readonly at: string
  readonly visits: (Visit & { readonly count: number })[]
}

/** Rarer batches make fewer rows; this much is lost when the process dies. */
const usualMs = 2_000
const hourMs = 3_600_000
const visitsOfBatch = 5_000
/** While nobody takes them; the oldest ones are lost then. */
const mostBatches = 100

/**
 * Counts visits by what was visited and by the hour. A batch keeps its id until it was taken, so that it counts once however
 * often it is sent.
 */
export function openVisits(options: VisitsOptions): Visits {
  const { analytics, log, everyMs = usualMs, now = Date.now } = options
  const waiting: Batch[] = []
  let counts = new Map<string, Visit & { count: number }>()
  let hour = 0
  let sending: Promise<void> | undefined

  function cut(): void {
    const visits = [...counts.values()]
    const at = new Date(hour * hourMs).toISOString()
    counts = new Map()
    for (let first = 0; first < visits.length; first += visitsOfBatch)
      waiting.push({ batchId: newId(), at, visits: visits.slice(first, first + visitsOfBatch) })
    const lost = waiting.splice(0, Math.max(0, waiting.length - mostBatches))
    if (lost.length > 0) log.warn({ batches: lost.length }, 'visits were not taken for long, and are lost')
  }

  async function send(): Promise<void> {
    for (let batch = waiting[0]; batch; batch = waiting[0]) {
      await analytics.countVisits(batch, systemCall(batch.batchId))
      if (waiting[0] === batch) waiting.shift()
    }
  }

  async function handOver(): Promise<void> {
    cut()
    sending ??= send()
      .catch((err: unknown) => log.debug({ err }, 'visits were not taken; they are sent again'))
      .finally(() => (sending = undefined))
    await sending
  }

  const timer = setInterval(() => void handOver(), everyMs)
  timer.unref()
  return {
    add({ what, productId }) {
      const present = Math.floor(now() / hourMs)
      if (present !== hour) cut()
      hour = present
      const key = `${what} ${productId}`
      const known = counts.get(key)
      if (known) known.count++
      else counts.set(key, { what, productId, count: 1 })
    },
    async stop() {
      clearInterval(timer)
      await handOver()
    },
  }
}
