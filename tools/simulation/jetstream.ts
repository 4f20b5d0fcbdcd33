import { streams, streamOf, type StreamName } from '../../internal/platform/streams.ts'
import type { World } from './world.ts'

// A model of JetStream as the product sees it: streams with a duplicate window, durable consumers with ack_wait,
// redelivery, delayed naks and a limit of unacknowledged messages, and a store that can be lost or put back.

export type Header = readonly [name: string, value: string]

export type Message = {
  readonly seq: number
  readonly subject: string
  readonly headers: readonly Header[]
  readonly data: Uint8Array
  readonly messageId: string
  /** When it was stored. */
  readonly at: number
}

type Pending = { readonly deliveries: number; readonly dueAt: number }

export type DurableState = {
  readonly name: string
  readonly filter: string
  readonly ackWaitMs: number
  nextSeq: number
  /** Messages that are delivered and not acknowledged. Each is delivered again when it is due. */
  readonly pending: Map<number, Pending>
}

export type Stream = {
  readonly name: StreamName
  readonly created: string
  readonly messages: Message[]
  readonly seen: Map<string, { readonly seq: number; readonly at: number }>
  readonly durables: Map<string, DurableState>
}

/** As it is published. */
export type Unstored = Omit<Message, 'seq' | 'at'>

export type Store = Map<StreamName, Stream>

export type Published =
  | { readonly kind: 'stored'; readonly seq: number; readonly duplicate: boolean }
  | { readonly kind: 'no stream' }

const duplicateWindowMs = 120_000
/** Far below the limit of the product, so that it is reached. */
const maxAckPending = 10

export const copyOf = (store: Store): Store =>
  new Map(
    [...store].map(([name, stream]) => [
      name,
      {
        ...stream,
        messages: [...stream.messages],
        seen: new Map(stream.seen),
        durables: new Map(
          [...stream.durables].map(([durable, state]) => [
            durable,
            { ...state, pending: new Map(state.pending) },
          ]),
        ),
      },
    ]),
  )

export function ensureStreamIn(store: Store, name: StreamName, nextBirth: () => string): Stream {
  const stream = store.get(name) ?? {
    name,
    created: nextBirth(),
    messages: [],
    seen: new Map(),
    durables: new Map(),
  }
  store.set(name, stream)
  return stream
}

/** Only the producer makes streams. */
export function streamIn(store: Store, name: StreamName): Stream {
  const stream = store.get(name)
  if (!stream) throw new Error(`there is no ${name}`)
  return stream
}

export function ensureDurableIn(stream: Stream, name: string, filter: string, ackWaitMs: number): void {
  if (stream.durables.has(name)) return
  stream.durables.set(name, { name, filter, ackWaitMs, nextSeq: 1, pending: new Map() })
}

/**
 * A message whose id was seen within the duplicate window is not stored. The answer is the sequence of the first one.
 */
export function publishTo(store: Store, message: Unstored, now: number): Published {
  const family = message.subject.split('.')[0]
  const stream = streams.some((known) => known.family === family)
    ? store.get(streamOf(message.subject))
    : undefined
  if (!stream) return { kind: 'no stream' }
  const seen = stream.seen.get(message.messageId)
  if (seen && now - seen.at < duplicateWindowMs) return { kind: 'stored', seq: seen.seq, duplicate: true }
  const seq = stream.messages.length + 1
  stream.messages.push({ ...message, seq, at: now })
  if (message.messageId) stream.seen.set(message.messageId, { seq, at: now })
  return { kind: 'stored', seq, duplicate: false }
}

export type Handed = { readonly message: Message; readonly deliveries: number }

/** The next message that the durable may deliver now. */
export function takeNext(world: World, stream: Stream, durable: DurableState): Handed | undefined {
  const now = world.time.now()
  for (const [seq, { deliveries, dueAt }] of durable.pending) {
    const message = stream.messages[seq - 1]
    if (dueAt > now || !message) continue
    durable.pending.set(seq, { deliveries: deliveries + 1, dueAt: now + durable.ackWaitMs })
    world.count('redelivery')
    return { message, deliveries: deliveries + 1 }
  }
  if (durable.pending.size >= maxAckPending) {
    world.count('max_ack_pending reached')
    return undefined
  }
  while (durable.nextSeq <= stream.messages.length) {
    const message = stream.messages[durable.nextSeq++ - 1]
    if (!message || !matches(durable.filter, message.subject)) continue
    durable.pending.set(message.seq, { deliveries: 1, dueAt: now + durable.ackWaitMs })
    return { message, deliveries: 1 }
  }
  return undefined
}

/**
 * Anybody may acknowledge a message: the server identifies it only by its stream, the name of its durable and its
 * sequence.
 */
export function acknowledgeIn(store: Store, stream: StreamName, durable: string, seq: number): boolean {
  return store.get(stream)?.durables.get(durable)?.pending.delete(seq) ?? false
}

export function delayIn(store: Store, stream: StreamName, durable: string, seq: number, until: number): void {
  const state = store.get(stream)?.durables.get(durable)
  const pending = state?.pending.get(seq)
  if (state && pending) state.pending.set(seq, { ...pending, dueAt: until })
}

const matches = (filter: string, subject: string): boolean =>
  filter.endsWith('.>') ? subject.startsWith(filter.slice(0, -1)) : filter === subject
