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
  /** In the order of seq, without the families in `except` and the events of aggregates that are held back by a refused one. */
  readonly unpublished: (
    lanes: readonly number[],
    limit: number,
    except?: readonly string[],
  ) => Promise<readonly StoredEvent[]>
  /** Without effect on events whose epoch has ended since they were read: those acknowledgements are of a lost store. */
  readonly mark: (marks: readonly Mark[]) => Promise<void>
  readonly seenStreams: () => Promise<ReadonlyMap<string, SeenStream>>
  /** Remembers a stream that we see for the first time. */
  readonly rememberStream: (name: string, now: StreamNow) => Promise<void>
  /**
   * Opens the stream's next epoch and makes every retained event of it unpublished again, in one transaction.
   * False: another producer has done so already.
   */
  readonly openEpoch: (name: string, seen: SeenStream, now: StreamNow) => Promise<boolean>
  readonly depth: () => Promise<OutboxDepth>
}
