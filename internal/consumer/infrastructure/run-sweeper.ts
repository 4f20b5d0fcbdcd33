import type { Log } from '../../platform/log.ts'
import { createSignal } from '../../platform/signal.ts'
import type { Swept } from '../application/sweep.ts'

/** Sweeps every `intervalMs` until it is stopped. */
export async function runSweeper(
  sweep: () => Promise<readonly Swept[]>,
  log: Log,
  intervalMs: number,
  stopped: AbortSignal,
): Promise<void> {
  const stop = createSignal()
  stopped.addEventListener('abort', stop.notify)
  const isStopped = (): boolean => stopped.aborted
  while (!isStopped()) {
    await stop.wait(intervalMs)
    if (isStopped()) return
    for (const swept of await sweep()) log.warn(swept, 'the sweep did what no event had brought about')
  }
}
