import type { Nats } from './nats.ts'
import type { WakeProducer } from './outbox.ts'

/** On this subject a service tells a producer in another process that something is in the outbox. */
export const wakeSubject = 'producer.wake'

/** The producer takes hundreds of rows at a time, so calling it more often than this would not help. */
const minIntervalMs = 2

/** The first call is sent at once. Calls that follow closely are sent as one. */
export function natsWakeProducer(nats: Nats): WakeProducer {
  let lastSentAt = 0
  let isPlanned = false
  const send = (): void => {
    isPlanned = false
    lastSentAt = performance.now()
    if (nats.isConnected()) nats.connection.publish(wakeSubject)
  }
  return () => {
    if (isPlanned) return
    const waitMs = lastSentAt + minIntervalMs - performance.now()
    isPlanned = waitMs > 0
    if (isPlanned) setTimeout(send, waitMs).unref()
    else send()
  }
}
