import type { Mark } from '../domain/publication.ts'
import type { SeenStream, StreamNow } from '../domain/broker-stream.ts'
import type { StoredEvent } from '../domain/stored-event.ts'

export type OutboxDepth = {
  readonly unpublished: number
  readonly parked: number
  readonly oldestAgeSeconds: number
}

/** The outbox, as the producer reads and marks it. */
export type Mailbox = {
  /**
   * The unpublished events in the order of seq. Leaves out the families in `except`, and every aggregate that waits
   * for an event of its own that the broker refused.
   */
  readonly unpublished: (
    lanes: readonly number[],
    limit: number,
    except?: readonly string[],
  ) => Promise<readonly StoredEvent[]>
  /**
   * Marks events as published, refused or parked. An event that has got another generation since it was read is left
   * alone: its acknowledgement came from a stream incarnation that has been lost.
   */
  readonly mark: (marks: readonly Mark[]) => Promise<void>
  readonly seenStreams: () => Promise<ReadonlyMap<string, SeenStream>>
  /** Stores what a stream looks like when it is seen for the first time. */
  readonly rememberStream: (name: string, now: StreamNow) => Promise<void>
  /**
   * Records the next incarnation of the stream and makes all of its retained events unpublished again, in one
   * transaction. Returns false when another producer has done so already.
   */
  readonly openEpoch: (name: string, seen: SeenStream, now: StreamNow) => Promise<boolean>
  readonly depth: () => Promise<OutboxDepth>
}
