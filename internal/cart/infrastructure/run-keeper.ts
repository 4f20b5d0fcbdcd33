import type { Log } from '../../platform/log.ts'
import { createSignal } from '../../platform/signal.ts'
import { keptAtOnce, type Kept } from '../application/keep-carts.ts'

type Keeping = {
  readonly keep: () => Promise<Kept>
  readonly intervalMs: number
  readonly log: Log
}

/** When a round was full, there may be more than one round takes. */
const againAfterMs = 50

/**
 * Does what time does to carts, round after round, until it is stopped. Two processes that do it at once do each thing once,
 * because the version of a cart decides.
 */
export async function runKeeper({ keep, intervalMs, log }: Keeping, stopped: AbortSignal): Promise<void> {
  const stop = createSignal()
  stopped.addEventListener('abort', stop.notify)
  const isStopped = (): boolean => stopped.aborted
  let waitMs = intervalMs
  while (!isStopped()) {
    await stop.wait(waitMs)
    if (isStopped()) return
    waitMs = intervalMs
    try {
      const kept = await keep()
      if (kept.abandoned > 0 || kept.removed > 0) log.info(kept, 'carts were abandoned or removed')
      if (Object.values(kept).some((count) => count >= keptAtOnce)) waitMs = againAfterMs
    } catch (err) {
      log.warn({ err }, 'carts could not be kept; the next round tries again')
    }
  }
}
