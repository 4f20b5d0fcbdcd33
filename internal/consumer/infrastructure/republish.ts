import { jetstream } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import type { Nats } from '../../platform/nats.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Republish } from '../application/ports.ts'
import { requeueHeader } from './dead-letter-of.ts'

/** Ours to write anew, or meant for the first publication only. */
const notCopied = /^nats-|^x-requeue$/i

export function jetStreamRepublish(nats: Nats): Republish {
  return async (letter) => {
    if (!nats.isConnected()) throw unavailable()
    const written = headers()
    for (const { name, value } of letter.headers) if (!notCopied.test(name)) written.append(name, value)
    written.set(requeueHeader, String(letter.requeues))
    const msgID = `${letter.eventId || letter.id}:r${letter.requeues}`
    // No answer, no stream, no room: the letter stays open, and the same publication can be tried again.
    await jetstream(nats.connection)
      .publish(letter.subject, letter.data, { headers: written, msgID })
      .catch(() => Promise.reject(unavailable()))
  }
}

const unavailable = (): Refusal =>
  new Refusal('unavailable', 'nats.unavailable', 'nats does not take the message; try again in a moment')
