/** A stream as its database saw it last. */
export type SeenStream = {
  readonly created: string
  readonly epoch: number
  readonly lastSeq: bigint
  /** The id of the message that was acknowledged with `lastSeq`; empty while there was none. */
  readonly lastMessageId: string
}

/** A stream as it is now. */
export type StreamNow = { readonly created: string; readonly lastSeq: bigint }

/** What was found when a part of a stream was read. */
export type Stretch = {
  /**
   * The first sequence number that the stream counts but whose record cannot be read; undefined when all can be read.
   */
  readonly hole: bigint | undefined
  /** The sequence number to go on from. */
  readonly next: bigint
  /** The stream's last sequence number at the time of the read. */
  readonly last: bigint
}

/**
 * True when the broker lost what it had acknowledged: the stream was recreated, wiped, or put back to an older copy.
 */
export function hasLostMessages(seen: SeenStream, now: StreamNow): boolean {
  return now.created !== seen.created || now.lastSeq < seen.lastSeq
}

/**
 * True when the stream was put back to an older copy and has been filled up again since: another message is stored at
 * the sequence that we remember. `stored` is undefined when there is nothing any more, as when the message has
 * expired.
 */
export function isOverwritten({ lastMessageId }: SeenStream, stored: string | undefined): boolean {
  return lastMessageId !== '' && stored !== undefined && stored !== lastMessageId
}
