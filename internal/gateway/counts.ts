import type { TSchema } from 'typebox'

export type CountProblem = { readonly path: string; readonly message: string }

/** Returns no problem when the value may be looked at in full. */
export type ReadCounts = (value: unknown) => readonly CountProblem[]

/** Enough to correct a form; the answer does not grow with a wrong request. */
export const shownProblems = 8

type ReadCountsAt = (value: unknown, path: string) => readonly CountProblem[]

/** What of a JSON schema concerns how much a value holds. */
type Holding = {
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly additionalProperties?: unknown
  readonly items?: TSchema
  readonly maxItems?: number
}

/**
 * Looks for lists and objects that hold more than they may, before anything looks at what they hold: validating the
 * items of a list costs a hundred times as much as counting them. It goes as deep as the schema does, and no deeper.
 */
export function countsOf(schema: TSchema): ReadCounts {
  const read = countsAt(schema) ?? nothingToCount
  return (value) => read(value, '')
}

const nothingToCount: ReadCountsAt = () => []

function countsAt(schema: TSchema): ReadCountsAt | undefined {
  const { items, maxItems, properties } = schema as Holding
  if (items !== undefined) return countsOfList(countsAt(items), maxItems ?? Infinity)
  return properties === undefined ? undefined : countsOfObject(schema, properties)
}

function countsOfList(readItem: ReadCountsAt | undefined, maxItems: number): ReadCountsAt {
  return (value, path) => {
    if (!Array.isArray(value)) return []
    if (value.length > maxItems) return [{ path, message: `must not have more than ${maxItems} items` }]
    if (!readItem) return []
    const problems: CountProblem[] = []
    for (const [index, item] of value.entries()) {
      if (problems.length >= shownProblems) break
      problems.push(...readItem(item, `${path}/${index}`))
    }
    return problems
  }
}

function countsOfObject(
  { additionalProperties }: Holding,
  properties: Readonly<Record<string, TSchema>>,
): ReadCountsAt {
  const readers = Object.entries(properties).flatMap(([name, property]) => {
    const read = countsAt(property)
    return read ? [[name, read] as const] : []
  })
  const most =
    additionalProperties === false ? Object.keys(properties).length + shownProblems : Number.MAX_SAFE_INTEGER
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
    const names = Object.keys(value)
    if (names.length > most)
      return names
        .filter((name) => !Object.hasOwn(properties, name))
        .slice(0, shownProblems)
        .map((name) => ({ path: `${path}/${name}`, message: 'is not known here' }))
    const members = value as Readonly<Record<string, unknown>>
    return readers.flatMap(([name, read]) => read(members[name], `${path}/${name}`))
  }
}
