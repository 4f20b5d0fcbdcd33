/** A stream as we saw it last. */
export type SeenStream = {
  readonly created: string
  readonly epoch: number
  readonly lastSeq: bigint
  /** Of the event that was acknowledged with `lastSeq`; empty: none was yet. */
  readonly lastMessageId: string
}

/** A stream as it is now. */
export type StreamNow = { readonly created: string; readonly lastSeq: bigint }

/** A part of a stream, read through. */
export type Stretch = {
  /** The first place whose record cannot be read, though the stream counts it; undefined: none. */
  readonly hole: bigint | undefined
  /** Where to read on. */
  readonly next: bigint
  /** The stream's last place, as it was then. */
  readonly last: bigint
}

/** The broker lost what it had acknowledged: it was made anew, wiped, or put back to an older copy. */
export function hasLostMessages(seen: SeenStream, now: StreamNow): boolean {
  return now.created !== seen.created || now.lastSeq < seen.lastSeq
}

/** An older copy that others have filled up since. Undefined: nothing is stored there, as when it has expired. */
export function isOverwritten({ lastMessageId }: SeenStream, stored: string | undefined): boolean {
  return lastMessageId !== '' && stored !== undefined && stored !== lastMessageId
}
