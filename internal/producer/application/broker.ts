import type { Answer } from '../domain/publication.ts'
import type { StreamNow, Stretch } from '../domain/broker-stream.ts'
import type { StoredEvent } from '../domain/stored-event.ts'

/** Where events are published. */
export type Broker = {
  /**
   * The answers are in the order of the events. Within the broker's duplicate window an event that is published again
   * under its message id is not stored twice.
   */
  readonly publish: (events: readonly StoredEvent[]) => Promise<readonly Answer[]>
  /**
   * Creates the streams that are missing and returns by name all that are there then. Those that the broker has no room
   * for are left out. Throws when the broker is away.
   */
  readonly ensureStreams: () => Promise<ReadonlyMap<string, StreamNow>>
  /**
   * The id of the message at this sequence number. Undefined when no message is stored there any more; empty when the
   * message has no id or its record cannot be read.
   */
  readonly messageIdAt: (stream: string, seq: bigint) => Promise<string | undefined>
  /**
   * Reads at most `limit` sequence numbers, from `from` or from the stream's first one if that is later. Throws when
   * the stream is missing.
   */
  readonly readThrough: (stream: string, from: bigint, limit: number) => Promise<Stretch>
  /** Recreates the stream and returns its new state, but only if the record at `seq` cannot be read. */
  readonly remakeDamaged: (stream: string, seq: bigint) => Promise<StreamNow | undefined>
  /**
   * Recreates the stream and returns its new state, but only if one server alone stores it, it is still `was`, and it
   * now ends before its last sequence.
   */
  readonly remakeCutBack: (stream: string, was: StreamNow) => Promise<StreamNow | undefined>
}
