// The server that stands in for Elasticsearch takes exactly what our adapter sends. Everything else it refuses, so that no
// test passes by a call that it understands in another way than a real server.

export type Json = Readonly<Record<string, unknown>>

/** As a server refuses: with a status and the type of its error. */
export class Refused extends Error {
  readonly status: number
  readonly type: string

  constructor(status: number, type: string, reason: string) {
    super(reason)
    this.status = status
    this.type = type
  }
}

export const notUnderstood = (what: string): Refused => new Refused(400, 'parsing_exception', what)

export function objectIn(value: unknown, what: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  throw notUnderstood(`${what} is no object`)
}

/** With no other keys than these. */
export function knownIn(value: unknown, what: string, keys: readonly string[]): Json {
  const object = objectIn(value, what)
  const unknown = Object.keys(object).find((key) => !keys.includes(key))
  if (unknown !== undefined) throw notUnderstood(`[${what}] unknown field [${unknown}]`)
  return object
}

/** The only key of an object, and its value. */
export function onlyEntry(value: unknown, what: string): readonly [key: string, value: unknown] {
  const [entry, ...more] = Object.entries(objectIn(value, what))
  if (!entry || more.length > 0) throw notUnderstood(`[${what}] must have one key`)
  return entry
}

export function listIn(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw notUnderstood(`${what} is no list`)
}

export function textIn(value: unknown, what: string): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw notUnderstood(`${what} is no text`)
}

export function expect(isSo: boolean, what: string): void {
  if (!isSo) throw notUnderstood(what)
}

/** As Lucene sorts texts. */
export const compareBytes = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other))
