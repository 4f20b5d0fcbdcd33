/**
 * Counts by key in windows of one minute. A window begins with the first attempt, and attempts that are refused do not
 * extend it.
 */
export type Windows = {
  /**
   * Counts an attempt unless there are `max` in the window. It does so before the outcome is known, so that many
   * simultaneous attempts cannot all use the last one left. It never rejects.
   */
  readonly begin: (key: string, max: number) => Attempt | Promise<Attempt>
}

export type Attempt = {
  readonly isAllowed: boolean
  readonly remaining: number
  readonly resetMs: number
  /** Takes the attempt back, because it does not count. */
  readonly forgive: () => void
}

/** Whole seconds, as headers tell them. */
export const secondsOf = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000))

/** All rates of a gateway. What is counted under different names is counted apart. */
export type Rates = {
  /** For the many requests: nothing is waited for, and what other gateways count is known a moment later. */
  readonly windows: (name: string) => Windows
  /** For what somebody might guess: exact where there is a server that counts for all gateways. */
  readonly exactWindows: (name: string) => Windows
}

export const windowMs = 60_000

/** The most keys of one name that are remembered. Those are forgotten first that were used longest ago. */
export const rememberedKeys = 50_000
