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

/** The contract has no field for it, so what was not judged is told by a remark that begins like this. */
const skippedMark = 'skipped: '

/** A rule, or a part of one, that was not judged. */
export const notJudged = (name: string, why: string): Invariant => {
  return { name, checked: 0, violations: 0, offenders: [`${skippedMark}${why}`] }
}

export const saysNotJudged = (remark: string): boolean => remark.startsWith(skippedMark)

/**
 * One row for each rule, in the order in which the names come. A rule has several rows when it was judged in several
 * databases, or when a part of it was not judged.
 */
export function joinByName(found: readonly Invariant[]): readonly Invariant[] {
  const names = [...new Set(found.map(({ name }) => name))]
  return names.map((name) => {
    const parts = found.filter((part) => part.name === name)
    const told = parts.flatMap(({ offenders }) => offenders)
    const skipped = new Set(told.filter(saysNotJudged))
    const offenders = told.filter((offender) => !saysNotJudged(offender)).slice(0, maxOffenders)
    return {
      name,
      checked: sumOf(parts, ({ checked }) => checked),
      violations: sumOf(parts, ({ violations }) => violations),
      offenders: [...offenders, ...skipped],
    }
  })
}

const sumOf = (parts: readonly Invariant[], count: (part: Invariant) => number): number =>
  parts.reduce((sum, part) => sum + count(part), 0)
