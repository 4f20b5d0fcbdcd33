import { Refusal } from './refusal.ts'

export type GroupCommitOptions = {
  /** The most items of one transaction. */
  readonly maxBatch: number
  /** The most transactions that run at once. */
  readonly inFlight: number
  /** The most items that may wait. More are refused with `overloaded`. */
  readonly maxWaiting?: number
  /** True for errors that are not the fault of any one item, as when the database is away. Then nothing is retried. */
  readonly isOutage?: (err: unknown) => boolean
}

type Waiting<Item, Answer> = {
  readonly item: Item
  readonly resolve: (answer: Answer) => void
  readonly reject: (err: unknown) => void
}

/**
 * Several seconds of orders at the best rate measured. A caller who would wait longer had better be refused at once.
 */
const defaultMaxWaiting = 20_000

/**
 * Lets concurrent callers share one transaction. Each gets its own answer, because `commit` answers in the order of
 * its items. There is no timer: callers queue while a commit is under way, and a lone caller waits for nobody. When a
 * batch fails, its items are retried one by one, so that only those fail that are at fault.
 */
export function groupCommit<Item, Answer>(
  commit: (items: readonly Item[]) => Promise<readonly Answer[]>,
  options: GroupCommitOptions,
): (item: Item) => Promise<Answer> {
  const waiting: Waiting<Item, Answer>[] = []
  let underWay = 0
  let flushPlanned = false

  // Flushes once per turn of the event loop, so that all callers of one turn share a transaction.
  function planFlush(): void {
    if (flushPlanned || waiting.length === 0 || underWay >= options.inFlight) return
    flushPlanned = true
    setImmediate(() => {
      flushPlanned = false
      while (waiting.length > 0 && underWay < options.inFlight)
        void flush(waiting.splice(0, options.maxBatch))
    })
  }

  async function flush(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    underWay++
    try {
      await settle(batch)
    } finally {
      underWay--
      planFlush()
    }
  }

  async function settle(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await commit(batch.map((entry) => entry.item))
      batch.forEach((entry, index) => entry.resolve(answers[index] as Answer))
    } catch (err) {
      if (batch.length === 1 || options.isOutage?.(err)) {
        batch.forEach((entry) => entry.reject(err))
        return
      }
      for (const entry of batch) await settle([entry])
    }
  }

  return (item) =>
    new Promise<Answer>((resolve, reject) => {
      if (waiting.length >= (options.maxWaiting ?? defaultMaxWaiting)) {
        reject(new Refusal('unavailable', 'overloaded', 'too much is waiting already; try again in a moment'))
        return
      }
      waiting.push({ item, resolve, reject })
      planFlush()
    })
}

/** Makes one lookup of all lookups of an event-loop turn. `load` gets each key once, and nothing is cached. */
export function coalesce<Key, Value>(
  load: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>> {
  return groupCommit(
    async (batch: readonly (readonly Key[])[]) => {
      const found = await load([...new Set(batch.flat())])
      return batch.map(() => found)
    },
    { maxBatch: 1_000, inFlight: 1, isOutage: () => true },
  )
}

/**
 * Hands the first item of each key to `write`, which returns the keys that it has stored, because a statement can change
 * a row only once. Tells for each item whether it was stored; a second one of its key was not.
 */
export async function writeFirsts<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
  write: (firsts: readonly Item[]) => Promise<ReadonlySet<Key>>,
): Promise<readonly boolean[]> {
  const firsts = new Map<Key, Item>()
  for (const item of items) if (!firsts.has(keyOf(item))) firsts.set(keyOf(item), item)
  const stored = await write([...firsts.values()])
  return items.map((item) => firsts.get(keyOf(item)) === item && stored.has(keyOf(item)))
}
