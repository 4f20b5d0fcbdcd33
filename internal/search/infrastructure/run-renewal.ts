import { createSignal } from '../../platform/signal.ts'
import type { renewIndex } from '../application/renew-index.ts'
import type { Following } from './run-follower.ts'

type Renewing = Following & { readonly renewIndex: ReturnType<typeof renewIndex> }

/**
 * Looks every few seconds whether somebody wants the index made anew, and does it. The follower goes on meanwhile. Two
 * processes that do it at once do the same.
 */
export async function runRenewal(renewing: Renewing, stopped: AbortSignal): Promise<void> {
  const { followCategories, followStock, repairIndex, checkIntervalMs, log } = renewing
  const stop = createSignal()
  stopped.addEventListener('abort', stop.notify)
  while (!stopped.aborted) {
    try {
      if (await renewing.renewIndex()) {
        await followCategories(true)
        await repairIndex()
        await followStock(true)
        log.info('the search index was made anew')
      }
    } catch (err) {
      log.warn(
        { err },
        'whether the search index is to be made anew is not known; the next round tries again',
      )
    }
    await stop.wait(checkIntervalMs)
  }
}
