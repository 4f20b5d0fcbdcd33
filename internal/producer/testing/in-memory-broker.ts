import { streamOf, streams } from '../../platform/streams.ts'
import type { Broker } from '../application/broker.ts'
import { messageId, type Answer } from '../domain/publication.ts'
import type { StoredEvent } from '../domain/stored-event.ts'

export type InMemoryBroker = Broker & {
  /** Everything that is stored, in the order of the publications. */
  readonly stored: () => readonly StoredEvent[]
  /** What it says to an event instead of storing it. */
  readonly answerWith: (answer: (event: StoredEvent) => Answer | undefined) => void
  /** All streams are gone, and made anew when they are next wanted. */
  readonly wipe: () => void
}

type Message = { readonly id: string; readonly event: StoredEvent; readonly seq: number }
type Stream = { readonly created: string; readonly messages: Message[] }

/** A faithful stand-in that says yes unless told otherwise. */
export function inMemoryBroker(): InMemoryBroker {
  const live = new Map<string, Stream>()
  let log: StoredEvent[] = []
  let births = 0
  let answer: (event: StoredEvent) => Answer | undefined = () => undefined

  function publish(event: StoredEvent): Answer {
    const name = streams.find(({ family }) => event.subject.startsWith(`${family}.`))?.name
    if (!name) return { kind: 'refused', reason: `no stream takes ${event.subject}` }
    const stream = live.get(streamOf(event.subject))
    if (!stream) return { kind: 'later', reason: 'no such stream' }
    const known = stream.messages.find(({ id }) => id === messageId(event))
    if (known) return { kind: 'stored', streamSeq: known.seq }
    const seq = stream.messages.length + 1
    stream.messages.push({ id: messageId(event), event, seq })
    log.push(event)
    return { kind: 'stored', streamSeq: seq }
  }

  return {
    publish: async (events) => events.map((event) => answer(event) ?? publish(event)),
    async ensureStreams() {
      for (const { name } of streams) {
        if (!live.has(name)) live.set(name, { created: `birth ${++births}`, messages: [] })
      }
      return new Map(
        [...live].map(([name, { created, messages }]) => [
          name,
          { created, lastSeq: BigInt(messages.length) },
        ]),
      )
    },
    async messageIdAt(name, seq) {
      return live.get(name)?.messages[Number(seq) - 1]?.id
    },
    remakeDamaged: async () => undefined, // memory has no damaged records
    stored: () => log,
    answerWith: (next) => void (answer = next),
    wipe() {
      live.clear()
      log = []
    },
  }
}
