import { LRUCache } from 'lru-cache'

/** What failed lately, by key, in windows of a minute that begin with the first failure. Refused tries do not extend them. */
export type Attempts = {
  /** Counts one beforehand, so that many at once cannot all be the last. */
  readonly begin: (key: string) => Attempt
}

export type Attempt = {
  readonly isAllowed: boolean
  readonly remaining: number
  readonly resetSeconds: number
  /** It was no failure after all. */
  readonly forgive: () => void
}

type Window = { count: number; readonly endsAtMs: number }

const windowMs = 60_000

/** `remembered` keys at the most; those that were tried longest ago are forgotten first. */
export function countAttempts(max: number, { remembered }: { readonly remembered: number }): Attempts {
  const windows = new LRUCache<string, Window>({ max: remembered })

  function windowOf(key: string): Window {
    const found = windows.get(key)
    if (found && found.endsAtMs > performance.now()) return found
    const opened = { count: 0, endsAtMs: performance.now() + windowMs }
    windows.set(key, opened)
    return opened
  }

  return {
    begin(key) {
      const window = windowOf(key)
      const isAllowed = window.count < max
      if (isAllowed) window.count++
      return {
        isAllowed,
        remaining: Math.max(0, max - window.count),
        resetSeconds: Math.max(1, Math.ceil((window.endsAtMs - performance.now()) / 1_000)),
        forgive() {
          if (isAllowed) window.count--
        },
      }
    },
  }
}
