import type { Log } from '../../platform/log.ts'
import { createSignal } from '../../platform/signal.ts'
import type { Swept } from '../application/sweep.ts'

type Sweeping = {
  readonly sweep: (afterSeconds: number) => Promise<readonly Swept[]>
  readonly intervalMs: number
  readonly afterSeconds: number
  /** True while the broker delivers no events and says nothing. */
  readonly isSilent: () => boolean
  readonly log: Log
}

/**
 * So often the silence is noticed, and swept in. A cluster of brokers that has lost a server may be silent for more than
 * ten seconds, until a new leader is elected for the consumer.
 */
const inSilenceEveryMs = 1_000
/** When something was swept, there may be more than one sweep takes. */
const againAfterMs = 100
/** Longer than events take when all is well. */
const inSilenceAfterSeconds = 3

/**
 * Sweeps every `intervalMs`, and in silence every second, until it is stopped. A sweep that has found something is
 * followed by the next one at once.
 */
export async function runSweeper(sweeping: Sweeping, stopped: AbortSignal): Promise<void> {
  const { sweep, intervalMs, afterSeconds, isSilent, log } = sweeping
  const stop = createSignal()
  stopped.addEventListener('abort', stop.notify)
  const isStopped = (): boolean => stopped.aborted
  const usualWaitMs = Math.min(intervalMs, inSilenceEveryMs)
  let hasFound = false
  let sweptAt = performance.now()
  while (!isStopped()) {
    await stop.wait(hasFound ? againAfterMs : usualWaitMs)
    if (isStopped()) return
    const silent = isSilent()
    if (!silent && !hasFound && performance.now() - sweptAt < intervalMs) continue
    const swept = await sweep(silent ? Math.min(afterSeconds, inSilenceAfterSeconds) : afterSeconds)
    for (const each of swept) log.warn({ ...each, silent }, 'the sweep did what no event had brought about')
    sweptAt = performance.now()
    hasFound = swept.length > 0
  }
}
