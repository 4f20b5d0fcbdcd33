import { streamOf, streams } from '../../platform/streams.ts'
import type { Broker } from '../application/broker.ts'
import type { StreamNow } from '../domain/broker-stream.ts'
import { messageId, type Answer } from '../domain/publication.ts'
import type { StoredEvent } from '../domain/stored-event.ts'

export type InMemoryBroker = Broker & {
  /** All stored events in the order of their publication. */
  readonly stored: () => readonly StoredEvent[]
  /** Sets the broker's answers. Where `answer` returns undefined, the event is stored. */
  readonly answerWith: (answer: (event: StoredEvent) => Answer | undefined) => void
  /** Makes the record at this sequence number unreadable. */
  readonly damage: (stream: string, seq: bigint) => void
  /** Removes all messages behind this sequence number. */
  readonly cutBack: (stream: string, lastSeq: bigint) => void
  /** Removes all streams. They are created again when they are needed. */
  readonly wipe: () => void
}

type Message = { readonly id: string; readonly event: StoredEvent; readonly seq: number; isDamaged: boolean }
type Stream = { readonly created: string; readonly messages: Message[] }

/** An in-memory broker that stores every event unless it is told otherwise. */
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
    stream.messages.push({ id: messageId(event), event, seq, isDamaged: false })
    log.push(event)
    return { kind: 'stored', streamSeq: seq }
  }

  function remake(name: string): StreamNow {
    live.set(name, { created: `birth ${++births}`, messages: [] })
    return { created: `birth ${births}`, lastSeq: 0n }
  }

  const messageAt = (name: string, seq: bigint): Message | undefined =>
    live.get(name)?.messages[Number(seq) - 1]

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
      const message = messageAt(name, seq)
      return message?.isDamaged ? '' : message?.id
    },
    async readThrough(name, from, limit) {
      const stream = live.get(name)
      if (!stream) throw new Error('stream not found')
      const read = stream.messages.slice(Number(from) - 1, Number(from) - 1 + limit)
      const damaged = read.find(({ isDamaged }) => isDamaged)
      const hole = damaged && BigInt(damaged.seq)
      return {
        hole,
        next: hole === undefined ? from + BigInt(read.length) : hole + 1n,
        last: BigInt(stream.messages.length),
      }
    },
    async remakeDamaged(name, seq) {
      return messageAt(name, seq)?.isDamaged ? remake(name) : undefined
    },
    async remakeCutBack(name, was) {
      const stream = live.get(name)
      const isCutBack = stream?.created === was.created && stream.messages.length < was.lastSeq
      return isCutBack ? remake(name) : undefined
    },
    cutBack(name, lastSeq) {
      live.get(name)?.messages.splice(Number(lastSeq))
    },
    damage(name, seq) {
      const message = messageAt(name, seq)
      if (message) message.isDamaged = true
    },
    stored: () => log,
    answerWith: (next) => void (answer = next),
    wipe() {
      live.clear()
      log = []
    },
  }
}
