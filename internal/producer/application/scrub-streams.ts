import type { SeenStream } from '../domain/broker-stream.ts'
import type { Broker } from './broker.ts'
import type { Mailbox } from './mailbox.ts'

/** Places that are read at once. */
export const stretchLength = 500

type Deps = {
  /** One for each database; the streams hold the events of all. */
  readonly mailboxes: readonly Mailbox[]
  readonly broker: Broker
  /** A database could not be told of a stream that was made anew; its own watch will notice. */
  readonly onFault?: (err: unknown) => void
}

/** Waits between two stretches; false: no more. */
export type Pace = () => Promise<boolean>

/**
 * Reads every stream through, as far as it goes when we begin, and has one with a hole made anew and published to again from
 * every database: nobody else would notice a record that was damaged on the disk. Answers with the streams that had one. What
 * is published meanwhile under the old epoch is published again under the new one.
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

  /** Of the databases that answer. Rejects when none does. */
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
      // Beyond the last: it has been made anew meanwhile.
      if (next > until || next > last || !(await pace())) return undefined
      from = next
    }
  }

  /**
   * A crash in between, or a database that is away, leaves a stream that is another than the one which that database
   * remembers, and its watch over the broker notices.
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
