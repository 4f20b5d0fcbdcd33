import type { Broker } from './broker.ts'
import type { Mailbox } from './mailbox.ts'

/** Places that are read at once. */
export const stretchLength = 500

type Deps = { readonly mailbox: Mailbox; readonly broker: Broker }

/** Waits between two stretches; false: no more. */
export type Pace = () => Promise<boolean>

/**
 * Reads every stream through, as far as it goes when we begin, and has one with a hole made anew and published to again: nobody
 * else would notice a record that was damaged on the disk. Answers with the streams that had one. What is published meanwhile
 * under the old epoch is published again under the new one.
 */
export function scrubStreams({ mailbox, broker }: Deps) {
  return async (pace: Pace): Promise<readonly string[]> => {
    const healed: string[] = []
    for (const name of (await mailbox.seenStreams()).keys()) {
      const hole = await firstHole(name, pace)
      if (hole !== undefined && (await heal(name, hole))) healed.push(name)
    }
    return healed
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

  /** A crash in between leaves a stream that is another than the one we remember, which the watch over the broker notices. */
  async function heal(name: string, hole: bigint): Promise<boolean> {
    const seen = (await mailbox.seenStreams()).get(name)
    const begun = seen && (await broker.remakeDamaged(name, hole))
    if (!begun) return false
    await mailbox.openEpoch(name, seen, begun)
    return true
  }
}
