import { jetstreamManager } from '@nats-io/jetstream'
import { createInbox, headers, type Msg, type MsgHdrs } from '@nats-io/transport-node'
import { envelopeHeaders } from '../../platform/envelope.ts'
import type { Nats } from '../../platform/nats.ts'
import type { Scope } from '../../platform/run.ts'
import { ensureStream, streamOf, streams, type StreamLimits } from '../../platform/streams.ts'
import type { Broker } from '../application/broker.ts'
import { messageId, type Answer } from '../domain/publication.ts'
import type { StoredEvent } from '../domain/stored-event.ts'

/** Publications that wait for their acknowledgement at once: beyond this JetStream only queues. */
const window = 256
/** Then nobody knows whether the event is stored. */
const answerTimeoutMs = 5_000

/**
 * Publishes with a plain message whose reply subject leads to one shared subscription: a sixth of the client's CPU time
 * that js.publish takes, which makes a subscription's bookkeeping for each event.
 */
export function jetStreamBroker(scope: Scope, nats: Nats, limits: StreamLimits): Broker {
  const inbox = createInbox()
  const waiting = new Map<string, (answer: Answer) => void>()
  let lastToken = 0
  const subscription = nats.connection.subscribe(`${inbox}.*`, {
    callback: (err, message) => {
      const token = message.subject.slice(inbox.length + 1)
      waiting.get(token)?.(err ? { kind: 'later', reason: err.message } : answerOf(message))
      waiting.delete(token)
    },
  })
  scope.onClose('publish acknowledgements', async () => subscription.unsubscribe())

  function send(event: StoredEvent): Promise<Answer> {
    const token = String(++lastToken)
    return new Promise((resolve) => {
      waiting.set(token, resolve)
      try {
        nats.connection.publish(event.subject, event.data, {
          reply: `${inbox}.${token}`,
          headers: headersOf(event),
        })
      } catch (err) {
        // The client itself refuses what exceeds the server's max_payload.
        waiting.delete(token)
        const reason = err instanceof Error ? err.message : String(err)
        resolve(nats.isConnected() ? { kind: 'refused', reason } : { kind: 'later', reason })
      }
    })
  }

  async function sendWindow(events: readonly StoredEvent[]): Promise<readonly Answer[]> {
    if (!nats.isConnected()) return events.map(() => ({ kind: 'later', reason: 'nats is away' }))
    const first = lastToken + 1
    const answers = events.map(send)
    const timer = setTimeout(() => {
      for (let token = first; token < first + events.length; token++) {
        waiting.get(String(token))?.({
          kind: 'later',
          reason: `no acknowledgement within ${answerTimeoutMs} ms`,
        })
        waiting.delete(String(token))
      }
    }, answerTimeoutMs)
    return Promise.all(answers).finally(() => clearTimeout(timer))
  }

  return {
    async publish(events) {
      const answers: Answer[] = []
      for (let start = 0; start < events.length; start += window) {
        answers.push(...(await sendWindow(events.slice(start, start + window))))
      }
      return answers
    },
    async ensureStreams() {
      const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
      const states = await Promise.all(
        streams.map(async ({ name }) => {
          const { created, lastSeq } = await ensureStream(jsm, name, limits)
          return [name, { created, lastSeq: BigInt(lastSeq) }] as const
        }),
      )
      return new Map(states)
    },
  }
}

function headersOf(event: StoredEvent): MsgHdrs {
  const written = headers()
  const envelope = {
    ...event,
    id: event.id,
    subject: event.aggregateId,
    time: event.occurredAt.toISOString(),
  }
  for (const [name, value] of envelopeHeaders({ ...envelope, isReplay: event.generation > 0 }))
    written.append(name, value)
  written.append('Nats-Msg-Id', messageId(event))
  written.append('Nats-Expected-Stream', streamOf(event.subject))
  return written
}

type PubAck = {
  readonly seq?: number
  readonly error?: { readonly code: number; readonly err_code?: number; readonly description: string }
}

/** JetStream's answers that are about the broker's state and not about this message. */
const statesOfBroker =
  /maximum (bytes|messages) exceeded|insufficient|no space|resource|unavailable|no leader|temporar/i

function answerOf(message: Msg): Answer {
  // 503: no stream takes the subject now. It is the broker that lacks it, and it is made anew.
  if (message.headers?.code)
    return { kind: 'later', reason: `nats says ${message.headers.code} ${message.headers.description}` }
  const { seq, error } = message.json<PubAck>()
  if (!error) return { kind: 'stored', streamSeq: seq ?? 0 }
  const isLater = error.code === 429 || error.code === 503 || statesOfBroker.test(error.description)
  return { kind: isLater ? 'later' : 'refused', reason: error.description }
}
