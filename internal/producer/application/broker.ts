import type { Answer } from '../domain/publication.ts'
import type { StreamNow, Stretch } from '../domain/broker-stream.ts'
import type { StoredEvent } from '../domain/stored-event.ts'

/** Where events are published. */
export type Broker = {
  /** Answers in the order of the events. Idempotent within the broker's duplicate window, by the event's message id. */
  readonly publish: (events: readonly StoredEvent[]) => Promise<readonly Answer[]>
  /** All streams by name, made if they are missing. Throws when the broker is away. */
  readonly ensureStreams: () => Promise<ReadonlyMap<string, StreamNow>>
  /** The id of the message that is stored there; undefined: none any more. Empty: one without an id, or a hole. */
  readonly messageIdAt: (stream: string, seq: bigint) => Promise<string | undefined>
  /** Reads at most so many places, from the first that is there and not before `from`. Throws when the stream is missing. */
  readonly readThrough: (stream: string, from: bigint, limit: number) => Promise<Stretch>
  /** Makes the stream anew if there is a hole at that place, and answers with what it is then. */
  readonly remakeDamaged: (stream: string, seq: bigint) => Promise<StreamNow | undefined>
  /** Makes the stream anew if it is still that one and ends before that place, and answers with what it is then. */
  readonly remakeCutBack: (stream: string, was: StreamNow) => Promise<StreamNow | undefined>
}
