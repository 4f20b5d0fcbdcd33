import { createInbox, type Msg, type MsgHdrs } from '@nats-io/transport-node'
import type { Nats } from '../../platform/nats.ts'
import type { Scope } from '../../platform/run.ts'
import { streamOf } from '../../platform/streams.ts'
import type { Broker } from '../application/broker.ts'
import { messageId, type Answer } from '../domain/publication.ts'
import { familyOf, type StoredEvent } from '../domain/stored-event.ts'
import { eventHeaders } from './event-headers.ts'

/** How many publications may wait for their acknowledgement at once. With more JetStream would only queue them. */
const window = 256
/** After this time without an answer nobody knows whether the event is stored, and it is published again. */
const answerTimeoutMs = 5_000
/** A stream that has not answered for so long may have lost its leader and the messages that were sent meanwhile. */
const askAgainMs = 500

/** `mayPublish` is asked before each window of publications and while it waits (see watchedServer). */
export function openPublisher(scope: Scope, nats: Nats, mayPublish: () => boolean): Broker['publish'] {
  const sendWindow = windowOver(openLine(scope, nats), nats, mayPublish)
  return async (events) => {
    const answers: Answer[] = []
    for (let start = 0; start < events.length; start += window) {
      answers.push(...(await sendWindow(events.slice(start, start + window))))
    }
    return answers
  }
}

function windowOver(line: Line, nats: Nats, mayPublish: () => boolean) {
  return async (events: readonly StoredEvent[]): Promise<readonly Answer[]> => {
    if (!nats.isConnected()) return events.map(() => ({ kind: 'later', reason: 'nats is away' }))
    if (!mayPublish())
      return events.map(() => ({
        kind: 'later',
        reason: 'nats has started again; its streams are looked at first',
      }))
    const sent = events.map(line.send)
    const startedAt = performance.now()
    const timer = setInterval(() => {
      const isOver = performance.now() - startedAt >= answerTimeoutMs
      if (isOver || !nats.isConnected() || !mayPublish()) for (const { token } of sent) line.giveUp(token)
      else askAgain(line, sent)
    }, askAgainMs)
    return Promise.all(sent.map(({ answer }) => answer)).finally(() => clearInterval(timer))
  }
}

/**
 * Sends the first unanswered event of each stream once more; the message id keeps the stream from storing it twice. A
 * stream takes messages in the order in which they were sent. So once this repetition is stored, every event of the
 * first sending that still has no answer is lost, and it is published again without waiting for the timeout.
 */
function askAgain({ send, settle, isOpen, giveUp }: Line, sent: readonly Sent[]): void {
  const asked = new Set<string>()
  for (const { event, token } of sent) {
    const family = familyOf(event)
    if (asked.has(family) || !isOpen(token)) continue
    asked.add(family)
    const again = send(event)
    void again.answer.then((answer) => {
      if (answer.kind !== 'stored') return
      settle(token, answer)
      for (const other of sent) if (familyOf(other.event) === family) giveUp(other.token)
    })
    setTimeout(() => giveUp(again.token), answerTimeoutMs).unref()
  }
}

type Sent = { readonly event: StoredEvent; readonly token: string; readonly answer: Promise<Answer> }

type Line = ReturnType<typeof openLine>

/**
 * Publishes with a plain message whose reply subject leads to one shared subscription. That takes much less CPU time
 * than js.publish, which keeps the books of a subscription for each event.
 */
function openLine(scope: Scope, nats: Nats) {
  const inbox = createInbox(nats.inboxPrefix)
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
    return { event, token, answer }
  }
  const giveUp = (token: string): void => settle(token, { kind: 'later', reason: 'no acknowledgement' })
  return { send, settle, isOpen: (token: string) => waiting.has(token), giveUp }
}

/**
 * The client needs only the bytes of the headers. Making them from one string takes much less time than the client's
 * own MsgHdrs, which checks, sorts and copies each header.
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

/** JetStream's errors that concern the state of the broker and not this message. */
const statesOfBroker =
  /maximum (bytes|messages) exceeded|insufficient|no space|resource|unavailable|no leader|temporar|in process/i

function answerOf(message: Msg): Answer {
  // 503 says that no stream takes the subject now. The event is not at fault: the watch creates the missing stream.
  if (message.headers?.code)
    return { kind: 'later', reason: `nats says ${message.headers.code} ${message.headers.description}` }
  const { seq, error } = message.json<PubAck>()
  if (!error) return { kind: 'stored', streamSeq: seq ?? 0 }
  const isLater = error.code === 429 || error.code === 503 || statesOfBroker.test(error.description)
  return { kind: isLater ? 'later' : 'refused', reason: error.description }
}
