import { Refusal } from './refusal.ts'

export type GroupCommitOptions = {
  /** Items in one transaction. */
  readonly maxBatch: number
  /** Transactions under way at once. */
  readonly inFlight: number
  /** Items that may wait; more are refused with `overloaded`. */
  readonly maxWaiting?: number
  /** True for errors that are not the fault of any one item (the database is away): the batch is not retried. */
  readonly isOutage?: (err: unknown) => boolean
}

type Waiting<Item, Answer> = {
  readonly item: Item
  readonly resolve: (answer: Answer) => void
  readonly reject: (err: unknown) => void
}

/** Several seconds of orders at the best rate measured; beyond it waiting is worse than being told. */
const defaultMaxWaiting = 20_000

/**
 * Concurrent callers share one transaction; each gets its own answer (`commit` answers in the order of its items).
 * No timer: while a commit is under way callers queue, and a lone caller waits for nobody. A batch that fails for
 * one member's sake is retried one by one.
 */
export function groupCommit<Item, Answer>(
  commit: (items: readonly Item[]) => Promise<readonly Answer[]>,
  options: GroupCommitOptions,
): (item: Item) => Promise<Answer> {
  const waiting: Waiting<Item, Answer>[] = []
  let underWay = 0
  let flushPlanned = false

  // Once per turn of the event loop, so that all who arrive in one turn go together.
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

/** Lookups of one event-loop turn become one: `load` is given each key once. Nothing is cached. */
export function coalesce<Key, Value>(
  load: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>> {
  return groupCommit(
    async (batch: readonly (readonly Key[])[]) => {
      const found = await load([...new Set(batch.flat())])
      return batch.map(() => found)
    },
    { maxBatch: 1_000, inFlight: 2, isOutage: () => true },
  )
}
