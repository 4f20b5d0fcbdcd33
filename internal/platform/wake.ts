import type { Nats } from './nats.ts'
import type { WakeProducer } from './outbox.ts'

/** Where a service tells the producer, in another process, that something is in the outbox. */
export const wakeSubject = 'producer.wake'

/** The producer takes up to hundreds of rows at a time: more calls than this tell it nothing new. */
const minIntervalMs = 2

/** The first call is sent at once, those that follow closely as one. */
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
