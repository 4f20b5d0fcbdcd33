import type { Log } from '../../platform/log.ts'
import type { Signal } from '../../platform/signal.ts'
import type { WorkedOff } from '../application/work-off.ts'

/** What another process has left is found after so long; work of this process wakes the worker at once. */
const longestRestMs = 5_000
/** After a pass that found work which another one was quicker with, or that failed. */
const shortestRestMs = 50
const restAfterFaultMs = 1_000

export type WorkerLoop = {
  readonly workOff: () => Promise<WorkedOff>
  readonly signal: Signal
  readonly now: () => Date
  readonly log: Log
}

/** Works off what is due, and rests until the next piece is, or somebody wakes it. */
export async function runWorker(
  { workOff, signal, now, log }: WorkerLoop,
  stopped: AbortSignal,
): Promise<void> {
  stopped.addEventListener('abort', () => signal.notify())
  while (!stopped.aborted) {
    try {
      const { done, nextAt } = await workOff()
      if (done > 0) continue
      const restMs = nextAt === undefined ? longestRestMs : nextAt.getTime() - now().getTime()
      await signal.wait(Math.min(longestRestMs, Math.max(shortestRestMs, restMs)))
    } catch (err) {
      log.warn({ err }, 'the payment worker could not work; it tries again')
      await signal.wait(restAfterFaultMs)
    }
  }
}
