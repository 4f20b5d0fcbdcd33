import type { Log } from '../../platform/log.ts'
import type { Signal } from '../../platform/signal.ts'

/** Of what another process has removed, and of uploads that nobody has ended. */
const restMs = 30_000
const restAfterFaultMs = 5_000
/** Looking at every file takes long, and what it finds is rare. */
const unknownEveryMs = 60 * 60_000

export type ImageRemoval = {
  readonly removeImageFiles: () => Promise<number>
  readonly removeUnknownFiles: () => Promise<number>
  readonly signal: Signal
  readonly log: Log
}

/** Deletes files until `stopped`, and tries again what has failed. */
export async function runImageRemoval(
  { removeImageFiles, removeUnknownFiles, signal, log }: ImageRemoval,
  stopped: AbortSignal,
): Promise<void> {
  stopped.addEventListener('abort', () => signal.notify())
  let lookedAtMs = -Infinity
  while (!stopped.aborted) {
    try {
      if ((await removeImageFiles()) > 0) continue
      if (performance.now() - lookedAtMs >= unknownEveryMs) {
        const count = await removeUnknownFiles()
        if (count > 0) log.warn({ count }, 'files that belong to no image were deleted')
        lookedAtMs = performance.now()
      }
      await signal.wait(restMs)
    } catch (err) {
      log.warn({ err }, 'files of images could not be deleted; it is tried again')
      await signal.wait(restAfterFaultMs)
    }
  }
}
