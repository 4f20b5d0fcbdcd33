import type { DeadLetter } from '../../internal/consumer/domain/dead-letter.ts'
import { requeuedMessage } from '../../internal/consumer/infrastructure/republish.ts'
import type { MessageSource } from '../../internal/consumer/infrastructure/message-source.ts'
import { Refusal } from '../../internal/platform/refusal.ts'
import { streams } from '../../internal/platform/streams.ts'
import type { Broker as BrokerPort } from '../../internal/producer/application/broker.ts'
import { messageId, type Answer } from '../../internal/producer/domain/publication.ts'
import type { StoredEvent } from '../../internal/producer/domain/stored-event.ts'
import { eventHeaders } from '../../internal/producer/infrastructure/event-headers.ts'
import { messageOf, type BrokerClient } from './delivered-message.ts'
import type { Puller } from './broker-state.ts'
import type { Stream } from './jetstream.ts'
import { arriveAt, latencyOf } from './process.ts'
import { remakeCutBack } from './remake-stream.ts'

/** How long a client waits for an answer of the broker. */
const answerTimeoutMs = 5_000
const encoder = new TextEncoder()

const away = (): Error => new Error('the broker does not answer')

/** Sends a request to the broker and its answer back. Both are lost if the connection breaks meanwhile. */
export function request<Answer>(
  client: BrokerClient,
  label: string,
  work: () => Answer,
  about = '',
): Promise<Answer> {
  const { world, broker, process } = client
  return new Promise((resolve, reject) => {
    if (!broker.isConnected(process)) {
      arriveAt(world, process, 0, () => reject(away()))
      return
    }
    const { server } = process
    world.time.after(latencyOf(world, process, label), () => {
      const isThere = broker.isUp() && broker.server() === server && process.alive
      const answer = isThere ? attempt(work) : undefined
      if (isThere) world.tell(process.name, () => `${label} ${about}`)
      arriveAt(world, process, isThere ? latencyOf(world, process, label) : answerTimeoutMs, () => {
        if (answer === undefined || process.server !== server) reject(away())
        else resolve(answer)
      })
    })
  })
}

/** Returns undefined when the broker refuses. */
function attempt<Answer>(work: () => Answer): Answer | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** The broker as the producer uses it. */
export function publishingPort(client: BrokerClient, mayPublish: () => boolean): BrokerPort {
  const { broker, faults, process } = client
  const later = (reason: string): Answer => ({ kind: 'later', reason })
  function publish(event: StoredEvent): Answer {
    if (faults.strikes('refused publication', process)) return { kind: 'refused', reason: 'not this one' }
    if (broker.isFull(event.subject)) return later('maximum bytes exceeded')
    const published = broker.publish({
      subject: event.subject,
      headers: eventHeaders(event),
      data: encoder.encode(event.data),
      messageId: messageId(event),
    })
    if (published.kind === 'no stream') {
      const isOurs = streams.some(({ family }) => event.subject.startsWith(`${family}.`))
      return isOurs ? later('no such stream') : { kind: 'refused', reason: 'no stream takes it' }
    }
    // The message is stored, but the answer is lost.
    if (faults.strikes('lost publish answer', process)) return later('no acknowledgement in time')
    return { kind: 'stored', streamSeq: published.seq }
  }
  return {
    async publish(events) {
      const all = (reason: string) => events.map(() => later(reason))
      if (!mayPublish()) return all('nobody has looked at the streams since the server started')
      const about = events.map(({ id }) => id).join(' ')
      return request(client, 'publishes', () => events.map(publish), about).catch(() => all('nats is away'))
    },
    ensureStreams: () =>
      request(client, 'looks at the streams', () => {
        const seen = streams.map(({ name }) => {
          const { created, messages } = broker.ensureStream(name)
          return [name, { created, lastSeq: BigInt(messages.length) }] as const
        })
        return new Map(seen)
      }),
    async messageIdAt(name, seq) {
      // The answer is wrapped in an array, because undefined would mean that the broker did not answer.
      const [id] = await request(client, 'looks at a message', () => {
        const stream = [...broker.streams().values()].find((each) => each.name === name)
        return [stream?.messages[Number(seq) - 1]?.messageId]
      })
      return id
    },
    readThrough: (name, from, limit) =>
      request(client, 'reads a stream through', () => {
        const stream = [...broker.streams().values()].find((each) => each.name === name)
        if (!stream) throw new Error('no such stream')
        const last = BigInt(stream.messages.length)
        const end = from + BigInt(limit)
        return { hole: undefined, next: end > last ? last + 1n : end, last }
      }),
    remakeDamaged: async () => undefined, // the simulated store has no damaged records
    remakeCutBack: async (name, was) =>
      (await request(client, 'makes a stream anew', () => [remakeCutBack(broker, name, was)]))[0],
  }
}

/** The broker as the consumer uses it. */
export function messageSource(client: BrokerClient): MessageSource {
  const { world, broker, process } = client
  return {
    isConnected: () => broker.isConnected(process),
    lookAtStream: (name) =>
      request(client, `looks at ${name}`, (): Stream => {
        const stream = broker.streams().get(name)
        if (!stream) throw new Error(`there is no ${name}`)
        return stream
      }),
    ensureDurable: ({ stream, name, subject, ackWaitMs }) =>
      request(client, `makes ${name}`, () => {
        broker.ensureDurable(stream, name, subject, ackWaitMs)
        return true
      }).then(() => undefined),
    async consume(durable, onMessage) {
      const { stream, name } = durable
      let end: (err?: Error) => void = () => undefined
      const ended = new Promise<unknown>((resolve) => (end = resolve))
      const puller: Puller = {
        process,
        stream,
        durable: name,
        onMessage: (handed) => onMessage(messageOf(client, durable, handed)),
        onMissing: () => end(new Error('the consumer is gone')),
      }
      const detach = await request(client, `consumes ${name}`, () => broker.attach(puller))
      async function stop(): Promise<void> {
        await new Promise<void>((resolve) => arriveAt(world, process, 1, resolve)) // messages on their way still arrive
        detach()
        end()
      }
      return { ended, stop, isSilent: () => !broker.speaksTo(puller) }
    },
  }
}

/** Publishes a dead letter again for an operator. */
export function republishing(client: BrokerClient) {
  return async (letter: DeadLetter): Promise<void> => {
    const { headers, messageId: id } = requeuedMessage(letter)
    const { subject, data } = letter
    const work = () => client.broker.publish({ subject, data, headers, messageId: id })
    const published = await request(client, 'requeues', work, letter.id).catch(() => undefined)
    if (published?.kind !== 'stored') throw new Refusal('unavailable', 'nats.unavailable', 'nats is away')
  }
}
