import { jetstream } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import type { Nats } from '../../platform/nats.ts'
import { Refusal } from '../../platform/refusal.ts'
import { streamOf } from '../../platform/streams.ts'
import type { Republish } from '../application/ports.ts'
import type { DeadLetter } from '../domain/dead-letter.ts'
import { requeueHeader } from './dead-letter-of.ts'

/** Headers that are written again or were meant for the first publication only. */
const notCopied = /^nats-|^x-requeue$/i

type RequeuedMessage = {
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly messageId: string
}

/** The same event under a message id of its own, so that the duplicate window accepts it, but only once. */
export function requeuedMessage(letter: DeadLetter): RequeuedMessage {
  const copied = letter.headers.filter(({ name }) => !notCopied.test(name))
  return {
    headers: [
      ...copied.map(({ name, value }) => [name, value] as const),
      [requeueHeader, String(letter.requeues)],
    ],
    messageId: `${letter.eventId || letter.id}:r${letter.requeues}`,
  }
}

export function jetStreamRepublish(nats: Nats): Republish {
  return async (letter) => {
    if (!nats.isConnected()) throw unavailable()
    const written = headers()
    const { headers: wanted, messageId: msgID } = requeuedMessage(letter)
    for (const [name, value] of wanted) written.append(name, value)
    // When this fails, the letter stays open, and the operator can try the same publication again.
    await jetstream(nats.connection)
      .publish(letter.subject, letter.data, {
        ...{ headers: written, msgID },
        // No other stream stores it, should somebody have it delivered under another subject.
        expect: { streamName: streamOf(letter.subject) },
      })
      .catch(() => Promise.reject(unavailable()))
  }
}

const unavailable = (): Refusal =>
  new Refusal('unavailable', 'nats.unavailable', 'nats did not accept the message; try again in a moment')
