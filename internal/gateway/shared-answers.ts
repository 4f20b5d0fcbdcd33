import { LRUCache } from 'lru-cache'

/** Something that an answer shows and that can change: a product's id or a constant of `catalogue-changes.ts`. */
export type Thing = string

/** An answer that is the same for everybody, ready to be sent. */
export type SharedAnswer = {
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
  /** The answer is dropped when any of these changes. */
  readonly shows: readonly Thing[]
}

export type SharedAnswers = {
  /** Returns undefined when there is no answer or it is no longer valid. */
  readonly find: (key: string) => SharedAnswer | undefined
  /** Reads an answer. Callers of the same key share a read that is under way, if its result is still valid. */
  readonly get: (key: string, read: () => Promise<SharedAnswer>) => Promise<SharedAnswer>
  /** From now on no answer with these things is returned whose read began before this call. */
  readonly changed: (things: readonly Thing[]) => void
}

export type SharedAnswersOptions = {
  /** Counted from the beginning of the read. */
  readonly maxAgeMs: number
  /** The size of all answers together with their keys. */
  readonly maxCharacters: number
  /** How many changed things are remembered. When there are more, all answers are dropped. */
  readonly maxChanges: number
  /** A clock that never goes back. */
  readonly nowMs: () => number
  /** Is called before each read. */
  readonly onReading: () => void
}

/** An answer, with the number of changes that there had been when its read began. */
type Kept = { readonly answer: SharedAnswer; readonly since: number; readonly expiresAtMs: number }

/**
 * An answer is valid until it is too old or something that it shows has changed since its read began. By this rule an
 * answer that was read before a change and arrives after it is not valid either.
 */
export function sharedAnswers(options: SharedAnswersOptions): SharedAnswers {
  const { maxAgeMs, maxCharacters, nowMs } = options
  const changes = changeCounter(options.maxChanges)
  const kept = new LRUCache<string, Kept>({
    maxSize: maxCharacters,
    sizeCalculation: ({ answer }, key) => key.length + answer.text.length,
  })
  const underWay = new Map<string, Promise<Kept>>()

  const isGood = ({ answer, since, expiresAtMs }: Kept): boolean =>
    nowMs() < expiresAtMs && !changes.hasChanged(answer.shows, since)

  function start(key: string, read: () => Promise<SharedAnswer>): Promise<Kept> {
    options.onReading()
    const since = changes.count()
    const expiresAtMs = nowMs() + maxAgeMs
    const reading = read()
      .then((answer) => {
        const entry = { answer, since, expiresAtMs }
        kept.set(key, entry)
        return entry
      })
      .finally(() => underWay.delete(key))
    underWay.set(key, reading)
    return reading
  }

  return {
    find(key) {
      const entry = kept.get(key)
      if (!entry) return undefined
      if (isGood(entry)) return entry.answer
      kept.delete(key)
      return undefined
    },
    async get(key, read) {
      const shared = underWay.get(key)
      if (shared) {
        const entry = await shared.catch(() => undefined)
        if (entry && isGood(entry)) return entry.answer
      }
      // A read that is under way now began after this call, so its result is valid for this caller.
      return (await (underWay.get(key) ?? start(key, read))).answer
    },
    changed: changes.add,
  }
}

/** Numbers the changes and remembers the number of the latest change of each thing. */
function changeCounter(maxThings: number) {
  const latest = new Map<Thing, number>()
  let count = 0
  // Changes up to this number have been forgotten, so each of them may have concerned any thing.
  let forgotten = 0
  return {
    count: () => count,
    add: (things: readonly Thing[]): void => {
      count++
      for (const thing of things) latest.set(thing, count)
      if (latest.size <= maxThings) return
      latest.clear()
      forgotten = count
    },
    hasChanged: (things: readonly Thing[], since: number): boolean =>
      since < forgotten || things.some((thing) => (latest.get(thing) ?? 0) > since),
  }
}
