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

type Window = { count: number; readonly endsAt: number }

const windowMs = 60_000

export function countAttempts(
  max: number,
  { remembered, now = Date.now }: { readonly remembered: number; readonly now?: () => number },
): Attempts {
  const windows = new Map<string, Window>()

  function windowOf(key: string): Window {
    const found = windows.get(key)
    if (found && found.endsAt > now()) return found
    windows.delete(key)
    // The oldest goes first: a Map keeps its entries in the order of their arrival.
    if (windows.size >= remembered) windows.delete(windows.keys().next().value ?? '')
    const opened = { count: 0, endsAt: now() + windowMs }
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
        resetSeconds: Math.max(1, Math.ceil((window.endsAt - now()) / 1_000)),
        forgive() {
          if (isAllowed) window.count--
        },
      }
    },
  }
}
