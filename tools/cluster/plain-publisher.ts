import { jetstream } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { setTimeout as sleep } from 'node:timers/promises'

const everyMs = 50
const answerWithinMs = 500

/**
 * What the broker itself needs: publishes one message after the other, and again when there is no answer in time, until told to
 * stop. `longestGapMs`: between two messages that were stored, of those since `from` (performance.now()).
 */
export function startPlainPublisher(connection: NatsConnection) {
  const js = jetstream(connection, { timeout: answerWithinMs })
  const storedAt: number[] = []
  const stop = new AbortController()
  const ended = (async () => {
    while (!stop.signal.aborted) {
      await js.publish('plain.message', '').then(
        () => void storedAt.push(performance.now()),
        () => undefined,
      )
      await sleep(everyMs)
    }
  })()
  return {
    longestGapMs(from: number): number {
      const times = [...storedAt.filter((at) => at >= from), performance.now()]
      return Math.max(...times.map((at, index) => at - (times[index - 1] ?? from)))
    },
    async stop() {
      stop.abort()
      await ended
    },
  }
}
