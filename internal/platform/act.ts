/** The fields of something that the log of who did what may keep. */
export type Facts = Readonly<Record<string, unknown>>

/** One thing that somebody did. Its fields are named one by one where it is made: no secrets, and nothing of a person. */
export type Act = {
  /** A stable name, such as product.updated. */
  readonly what: string
  readonly subjectId: string
  readonly before?: Facts | undefined
  readonly after?: Facts | undefined
  /** In the words of whoever did it. */
  readonly reason?: string | undefined
}

/** As JSON, the fields that differ between the two. */
export function changedFields(
  before: Facts,
  after: Facts,
): { readonly before: string; readonly after: string } {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  const differing = [...names].filter((name) => textOf([before[name]]) !== textOf([after[name]]))
  const pick = (facts: Facts): string =>
    textOf(Object.fromEntries(differing.map((name) => [name, facts[name]])))
  return { before: pick(before), after: pick(after) }
}

/** Amounts in minor units become text, as everywhere in our JSON. */
const textOf = (value: object): string =>
  JSON.stringify(value, (_name, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner))
