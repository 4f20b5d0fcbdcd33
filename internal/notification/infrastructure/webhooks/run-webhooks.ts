import type { Log } from '../../../platform/log.ts'
import type { Signal } from '../../../platform/signal.ts'

export type WebhookLoop = {
  readonly name: string
  /** Returns how much was done. */
  readonly work: () => Promise<number>
  readonly signal: Signal
  readonly log: Log
  /** How long it rests when there was nothing to do. */
  readonly restMs: number
}

const restAfterFaultMs = 1_000

/** Works until it is stopped. A fault is reported once for each outage, not for each try. */
export async function runWebhooks(loop: WebhookLoop, stopped: AbortSignal): Promise<void> {
  const { name, work, signal, log, restMs } = loop
  stopped.addEventListener('abort', () => signal.notify())
  const isStopped = (): boolean => stopped.aborted
  let isFailing = false
  while (!isStopped()) {
    try {
      const count = await work()
      isFailing = false
      if (count === 0 && !isStopped()) await signal.wait(restMs)
    } catch (err) {
      if (!isFailing) log.warn({ err }, `${name} failed; it is tried again`)
      isFailing = true
      if (!isStopped()) await signal.wait(restAfterFaultMs)
    }
  }
}
