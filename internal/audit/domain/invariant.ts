/** One rule, and what was found of it. With nothing violated, `offenders` may hold remarks. */
export type Invariant = {
  readonly name: string
  readonly checked: number
  readonly violations: number
  /** The first few, in words. */
  readonly offenders: readonly string[]
}

/** How many offenders are named; how many there are is in `violations`. */
export const maxOffenders = 5
