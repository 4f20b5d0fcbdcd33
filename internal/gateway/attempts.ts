import { LRUCache } from 'lru-cache'

/**
 * Counts failures by key in windows of one minute. A window begins with the first failure, and attempts that are
 * refused do not extend it.
 */
export type Attempts = {
  /**
   * Counts an attempt before its outcome is known, so that many simultaneous attempts cannot all use the last one
   * left.
   */
  readonly begin: (key: string) => Attempt
}

export type Attempt = {
  readonly isAllowed: boolean
  readonly remaining: number
  readonly resetSeconds: number
  /** Takes the attempt back, because it did not fail. */
  readonly forgive: () => void
}

type Window = { count: number; readonly endsAtMs: number }

const windowMs = 60_000

/** Remembers at most `remembered` keys, and forgets those first that were used longest ago. */
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
