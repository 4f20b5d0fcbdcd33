import type { JsMsg } from '@nats-io/jetstream'
import { fitting } from '../../platform/message-size.ts'
import { createSignal } from '../../platform/signal.ts'

/** So many messages are handled well in one transaction. They also fit into one message to the service that reacts. */
export const maxBatch = 200
/** Around the data of an event that is handed on. */
const envelopeBytes = 500
/** This is only a safeguard, because a new message wakes the worker at once. */
const idleMs = 1_000

export type MessageBatches = {
  readonly push: (message: JsMsg) => void
  /**
   * Hands out the messages that have arrived since the last batch. A lone message waits for no others, and under load
   * the batches grow. After `stop` it ends with the batch that is being worked on.
   */
  readonly run: (work: (batch: readonly JsMsg[]) => Promise<void>) => Promise<void>
  readonly stop: () => void
  /** Returns the messages to the stream whose handling has not begun, so that other consumers get them. */
  readonly handBack: () => void
}

/**
 * A message that has waited for `maxAgeMs` is dropped, because the stream has delivered it again by then. So, however
 * slow the work is, no more messages wait here than the stream allows to be unacknowledged.
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
        else await work(waiting.splice(0, sizeOfBatch(waiting)).map(({ message }) => message))
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

const sizeOfBatch = (waiting: readonly { readonly message: JsMsg }[]): number =>
  fitting(waiting.slice(0, maxBatch), ({ message }) => envelopeBytes + message.data.length)
