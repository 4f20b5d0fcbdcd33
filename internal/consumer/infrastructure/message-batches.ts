import type { JsMsg } from '@nats-io/jetstream'
import { createSignal } from '../../platform/signal.ts'

/** A batch is what one transaction takes well. */
export const maxBatch = 200
/** Only a guard: a new message wakes the worker at once. */
const idleMs = 1_000

export type MessageBatches = {
  readonly push: (message: JsMsg) => void
  /**
   * Hands out what has come since the last batch: a lone message waits for nobody, and under load the batches grow.
   * Ends after the batch in hand once `stop` was called.
   */
  readonly run: (work: (batch: readonly JsMsg[]) => Promise<void>) => Promise<void>
  readonly stop: () => void
  /** Gives to the stream, and so to others, what nobody has begun. */
  readonly handBack: () => void
}

/**
 * A message that has waited for `maxAgeMs` is dropped: the stream has handed it out again by then. So what waits here
 * stays below what the stream lets be unacknowledged, however slow the work is.
 */
export function messageBatches(maxAgeMs: number, now = () => performance.now()): MessageBatches {
  const waiting: { readonly message: JsMsg; readonly at: number }[] = []
  const arrived = createSignal()
  let stopped = false
  return {
    push(message) {
      waiting.push({ message, at: now() })
      arrived.notify()
    },
    async run(work) {
      while (!stopped) {
        while (waiting[0] && now() - waiting[0].at >= maxAgeMs) waiting.shift()
        if (waiting.length === 0) await arrived.wait(idleMs)
        else await work(waiting.splice(0, maxBatch).map(({ message }) => message))
      }
    },
    stop() {
      stopped = true
      arrived.notify()
    },
    handBack() {
      for (const { message } of waiting.splice(0)) message.nak()
    },
  }
}
