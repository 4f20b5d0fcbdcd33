import type { SeenStream } from '../domain/broker-stream.ts'
import type { Broker } from './broker.ts'
import type { Mailbox } from './mailbox.ts'

/** How many sequence numbers one read covers. */
export const stretchLength = 500

type Deps = {
  /** One for each database. The streams hold the events of all of them. */
  readonly mailboxes: readonly Mailbox[]
  readonly broker: Broker
  /**
   * Called when a database could not be told of a recreated stream. The watch of that database will notice it later.
   */
  readonly onFault?: (err: unknown) => void
}

/** Waits between two reads. False means that the scrub shall stop. */
export type Pace = () => Promise<boolean>

/**
 * Reads every stream from its beginning to where it ends at the start of the scrub, because nothing else would notice
 * a record that was damaged on the disk. A stream with such a hole is recreated, and every database publishes its
 * events again; so are events that were published to the old incarnation meanwhile. Returns the names of the streams
 * that had a hole.
 */
export function scrubStreams({ mailboxes, broker, onFault = () => undefined }: Deps) {
  return async (pace: Pace): Promise<readonly string[]> => {
    const healed: string[] = []
    const known = (await seenByAll()).flatMap(({ streams }) => [...streams.keys()])
    for (const name of new Set(known)) {
      const hole = await firstHole(name, pace)
      if (hole !== undefined && (await heal(name, hole))) healed.push(name)
    }
    return healed
  }

  /** What the databases that answer know of the streams. Rejects when none of them answers. */
  async function seenByAll(): Promise<readonly Seen[]> {
    const seen = await Promise.allSettled(
      mailboxes.map(async (mailbox) => ({ mailbox, streams: await mailbox.seenStreams() })),
    )
    const answered = seen.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const [fault] = seen.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
    if (answered.length === 0) throw new Error('no database answers', { cause: fault })
    return answered
  }

  async function firstHole(name: string, pace: Pace): Promise<bigint | undefined> {
    let until: bigint | undefined
    for (let from = 1n; ;) {
      const { hole, next, last } = await broker.readThrough(name, from, stretchLength)
      until ??= last
      if (hole !== undefined) return hole
      // When `next` lies beyond the last sequence, the stream has been recreated meanwhile.
      if (next > until || next > last || !(await pace())) return undefined
      from = next
    }
  }

  /**
   * After a crash in between, or when a database is away, that database still remembers the old incarnation. Its own
   * watch over the broker notices the difference and publishes again.
   */
  async function heal(name: string, hole: bigint): Promise<boolean> {
    const owners = (await seenByAll()).flatMap(({ mailbox, streams }) => {
      const seen = streams.get(name)
      return seen ? [{ mailbox, seen }] : []
    })
    const begun = owners.length > 0 && (await broker.remakeDamaged(name, hole))
    if (!begun) return false
    const opened = await Promise.allSettled(
      owners.map(({ mailbox, seen }) => mailbox.openEpoch(name, seen, begun)),
    )
    for (const result of opened) if (result.status === 'rejected') onFault(result.reason)
    return true
  }
}

type Seen = { readonly mailbox: Mailbox; readonly streams: ReadonlyMap<string, SeenStream> }
