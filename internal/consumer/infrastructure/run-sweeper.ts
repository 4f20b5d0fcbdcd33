import type { Log } from '../../platform/log.ts'
import { createSignal } from '../../platform/signal.ts'
import type { Swept } from '../application/sweep.ts'

/** Sweeps every `intervalMs`. */
export async function runSweeper(
  sweep: () => Promise<Swept>,
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
    try {
      const { settled, released } = await sweep()
      if (settled + released > 0) log.warn({ settled, released }, 'the sweeper did what no message had done')
    } catch (err) {
      log.warn({ err }, 'the sweep failed; the next one comes')
    }
  }
}
