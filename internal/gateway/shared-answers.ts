import { LRUCache } from 'lru-cache'

/** What an answer shows, and what can change: a product's id, or one of `catalogue-changes.ts`. */
export type Thing = string

/** The same for whoever asks, ready to be sent. */
export type SharedAnswer = {
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
  /** A change of any of these ends it. */
  readonly shows: readonly Thing[]
}

export type SharedAnswers = {
  /** Undefined: there is none, or it is no longer good. */
  readonly find: (key: string) => SharedAnswer | undefined
  /** Callers who come while the same is being read share that reading, if it is still good for them. */
  readonly get: (key: string, read: () => Promise<SharedAnswer>) => Promise<SharedAnswer>
  /** From now on nothing is given that was read, or began to be read, before this. */
  readonly changed: (things: readonly Thing[]) => void
}

export type SharedAnswersOptions = {
  /** From the beginning of the reading. */
  readonly maxAgeMs: number
  /** Of all answers with their keys. */
  readonly maxCharacters: number
  /** Remembered; with more, all answers go. */
  readonly maxChanges: number
  /** Never goes back. */
  readonly nowMs: () => number
  /** Called before each reading. */
  readonly onReading: () => void
}

/** An answer, and how many changes there had been when its reading began. */
type Kept = { readonly answer: SharedAnswer; readonly since: number; readonly expiresAtMs: number }

/**
 * An answer is good while it is young and nothing that it shows has changed since its reading began. The one rule also
 * refuses what was read before a change and arrives after it.
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
      // What is under way now has begun after this caller came.
      return (await (underWay.get(key) ?? start(key, read))).answer
    },
    changed: changes.add,
  }
}

/** Numbers the changes, and knows the latest of each thing. */
function changeCounter(maxThings: number) {
  const latest = new Map<Thing, number>()
  let count = 0
  // What was counted up to here is forgotten, and so may have been anything.
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
