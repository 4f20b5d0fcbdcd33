/** The outcomes of an operation, in the way that Jepsen counts them. */
export const classes = [
  'ok',
  'refused',
  'unknown-recovered',
  'unknown-absent',
  'lost',
  'doubled',
  'unexpected',
] as const

export type Class = (typeof classes)[number]

export type ClassCounts = Readonly<Record<string, Readonly<Partial<Record<Class, number>>>>>

export type Rule = {
  readonly name: string
  readonly checked: number
  readonly violations: number
  /** The first few violations in words. */
  readonly offenders: readonly string[]
}

const mostOffenders = 5

/** `complain` returns what is wrong with an item, and undefined when nothing is. */
export function ruleOf<Judged>(
  name: string,
  judged: readonly Judged[],
  complain: (one: Judged) => string | undefined,
): Rule {
  const complaints = judged.flatMap((one) => complain(one) ?? [])
  return {
    name,
    checked: judged.length,
    violations: complaints.length,
    offenders: complaints.slice(0, mostOffenders),
  }
}

export function countClasses(found: readonly Class[]): Partial<Record<Class, number>> {
  const counts: Partial<Record<Class, number>> = {}
  for (const name of found) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

export function groupBy<One>(
  ones: readonly One[],
  keyOf: (one: One) => string,
): ReadonlyMap<string, readonly One[]> {
  const groups = new Map<string, One[]>()
  for (const one of ones) {
    const key = keyOf(one)
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  return groups
}
