import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream'
import { createInbox, type Msg, type MsgHdrs } from '@nats-io/transport-node'
import type { Nats } from '../../platform/nats.ts'
import type { Scope } from '../../platform/run.ts'
import { ensureStream, streamOf, streams, type StreamLimits } from '../../platform/streams.ts'
import type { Broker } from '../application/broker.ts'
import { messageId, type Answer } from '../domain/publication.ts'
import type { StreamNow } from '../domain/broker-stream.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import { eventHeaders } from './event-headers.ts'
import { isHole, readThrough } from './read-through.ts'

/** Publications that wait for their acknowledgement at once: beyond this JetStream only queues. */
const window = 256
/** Then nobody knows whether the event is stored. */
const answerTimeoutMs = 5_000

/** `mayPublish` is asked before each window: see watchedServer. */
export function jetStreamBroker(
  scope: Scope,
  nats: Nats,
  limits: StreamLimits,
  mayPublish = () => true,
): Broker {
  const { send, giveUp } = publisher(scope, nats)

  async function sendWindow(events: readonly StoredEvent[]): Promise<readonly Answer[]> {
    if (!nats.isConnected()) return events.map(() => ({ kind: 'later', reason: 'nats is away' }))
    if (!mayPublish())
      return events.map(() => ({
        kind: 'later',
        reason: 'nats has started again; its streams are looked at first',
      }))
    const sent = events.map(send)
    const timer = setTimeout(() => {
      for (const { token } of sent) giveUp(token)
    }, answerTimeoutMs)
    return Promise.all(sent.map(({ answer }) => answer)).finally(() => clearTimeout(timer))
  }

  const ensured = (): Promise<ReadonlyMap<string, StreamNow>> => ensureAll(nats, limits)

  async function remade(jsm: JetStreamManager, stream: string): Promise<StreamNow | undefined> {
    await jsm.streams.delete(stream)
    return (await ensured()).get(stream)
  }

  return {
    async publish(events) {
      const answers: Answer[] = []
      for (let start = 0; start < events.length; start += window) {
        answers.push(...(await sendWindow(events.slice(start, start + window))))
      }
      return answers
    },
    ensureStreams: ensured,
    async messageIdAt(stream, seq) {
      const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
      const message = await jsm.streams.getMessage(stream, { seq: Number(seq) })
      if (message) return message.header.get('Nats-Msg-Id')
      return (await isHole(jsm, stream, Number(seq))) ? '' : undefined
    },
    readThrough: (stream, from, limit) => readThrough(nats.connection, stream, Number(from), limit),
    async remakeDamaged(stream, seq) {
      const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
      if (!(await isHole(jsm, stream, Number(seq)))) return undefined
      return remade(jsm, stream)
    },
    async remakeCutBack(stream, was) {
      const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
      const { created, state } = await jsm.streams.info(stream)
      if (created !== was.created || BigInt(state.last_seq) >= was.lastSeq) return undefined
      return remade(jsm, stream)
    },
  }
}

async function ensureAll(nats: Nats, limits: StreamLimits): Promise<ReadonlyMap<string, StreamNow>> {
  const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
  const states = await Promise.all(
    streams.map(async ({ name }) => {
      const { created, lastSeq } = await ensureStream(jsm, name, limits)
      return [name, { created, lastSeq: BigInt(lastSeq) }] as const
    }),
  )
  return new Map(states)
}

type Sent = { readonly token: string; readonly answer: Promise<Answer> }

/**
 * Publishes with a plain message whose reply subject leads to one shared subscription: a sixth of the client's CPU time
 * that js.publish takes, which makes a subscription's bookkeeping for each event.
 */
function publisher(scope: Scope, nats: Nats) {
  const inbox = createInbox()
  const waiting = new Map<string, (answer: Answer) => void>()
  let lastToken = 0
  const settle = (token: string, answer: Answer): void => {
    waiting.get(token)?.(answer)
    waiting.delete(token)
  }
  const subscription = nats.connection.subscribe(`${inbox}.*`, {
    callback(err, message) {
      const token = message.subject.slice(inbox.length + 1)
      settle(token, err ? { kind: 'later', reason: err.message } : answerOf(message))
    },
  })
  scope.onClose('publish acknowledgements', async () => subscription.unsubscribe())
  const send = (event: StoredEvent): Sent => {
    const token = String(++lastToken)
    const answer = new Promise<Answer>((resolve) => waiting.set(token, resolve))
    try {
      const reply = `${inbox}.${token}`
      nats.connection.publish(event.subject, event.data, { reply, headers: headersOf(event) })
    } catch (err) {
      // The client itself refuses what exceeds the server's max_payload.
      const reason = err instanceof Error ? err.message : String(err)
      settle(token, { kind: nats.isConnected() ? 'refused' : 'later', reason })
    }
    return { token, answer }
  }
  const giveUp = (token: string): void =>
    settle(token, { kind: 'later', reason: `no acknowledgement within ${answerTimeoutMs} ms` })
  return { send, giveUp }
}

/**
 * The client asks headers for nothing but their bytes; making these of one string takes a third of the time (1 µs) that its own
 * MsgHdrs takes, which checks, sorts and copies each of the fifteen.
 */
function headersOf(event: StoredEvent): MsgHdrs {
  let block = 'NATS/1.0\r\n'
  for (const [name, value] of eventHeaders(event)) {
    if (lineBreak.test(value))
      throw new Error(`the value of ${name} has a line break, which no header can carry`)
    block += `${name}: ${value}\r\n`
  }
  block += `Nats-Msg-Id: ${messageId(event)}\r\nNats-Expected-Stream: ${streamOf(event.subject)}\r\n\r\n`
  return { encode: () => Buffer.from(block) } as unknown as MsgHdrs
}

const lineBreak = /[\r\n]/

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
