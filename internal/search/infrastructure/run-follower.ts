import type { Log } from '../../platform/log.ts'
import { createSignal } from '../../platform/signal.ts'
import type { FollowCategories } from '../application/follow-categories.ts'

export type Following = {
  readonly followCategories: FollowCategories
  readonly followStock: (isAnyway?: boolean) => Promise<number>
  readonly repairIndex: () => Promise<number>
  readonly checkIntervalMs: number
  readonly log: Log
}

/** Who asks for what can be had finds what was sold out a second ago no more, and a category by its new path. */
const levelIntervalMs = 500

/**
 * Looks what is sold out and what the tree of categories is, and every few seconds whether the index is still the catalogue's copy: events may be lost, and so
 * may the index. Two processes that do it at once do the same.
 */
export async function runFollower(following: Following, stopped: AbortSignal): Promise<void> {
  const { followCategories, followStock, repairIndex, checkIntervalMs, log } = following
  const stop = createSignal()
  stopped.addEventListener('abort', stop.notify)
  let checkAt = 0
  while (!stopped.aborted) {
    const isCheck = performance.now() >= checkAt
    try {
      await followCategories(isCheck)
      if (isCheck) {
        const repaired = await repairIndex()
        if (repaired > 0) log.info({ repaired }, 'products were indexed that no event had told of')
        checkAt = performance.now() + checkIntervalMs
      }
      await followStock(isCheck)
    } catch (err) {
      log.warn(
        { err },
        'the search index could not be compared with the catalogue; the next round tries again',
      )
    }
    await stop.wait(levelIntervalMs)
  }
}
