/**
 * A field of something that staff edit. `list` is several texts with commas between them; `pairs` and `definitions` are
 * lines such as `material: steel` and `material: string`.
 */
export type Field = {
  readonly name: string
  readonly label: string
  readonly kind: 'text' | 'long' | 'number' | 'choice' | 'list' | 'moment' | 'pairs' | 'definitions'
  readonly isRequired?: boolean
  readonly hint?: string
  readonly choices?: Readonly<Record<string, string>>
  /** What is often meant. */
  readonly suggestions?: readonly string[]
}

export type Values = Readonly<Record<string, string>>

/** What is edited: it has an id, and a version that counts its changes. */
export type Versioned = { readonly id: string; readonly version: number }

export const valuesOf = (fields: readonly Field[], entry: object | undefined): Values =>
  Object.fromEntries(
    fields.map((field) => [
      field.name,
      textOf(field, (entry as Readonly<Record<string, unknown>> | undefined)?.[field.name]),
    ]),
  )

export function textOf({ kind, choices }: Field, value: unknown): string {
  if (value === undefined || value === null)
    return kind === 'choice' ? (Object.keys(choices ?? {})[0] ?? '') : ''
  if (kind === 'list') return (value as readonly string[]).join(', ')
  if (kind === 'pairs') return linesOf(Object.entries(value))
  if (kind === 'definitions')
    return linesOf((value as readonly { name: string; type: string }[]).map(({ name, type }) => [name, type]))
  if (kind === 'moment') return localTime(value as string)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const linesOf = (pairs: readonly (readonly [string, unknown])[]): string =>
  pairs.map(([name, value]) => `${name}: ${String(value)}`).join('\n')

const pairsOf = (text: string): readonly (readonly [string, string])[] =>
  text.split('\n').flatMap((line) => {
    const [name = '', ...rest] = line.split(':')
    return name.trim() === '' ? [] : [[name.trim(), rest.join(':').trim()] as const]
  })

/** Of an attribute: true, false, a number, or a text. */
function plainValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}

/** As an input of the browser wants it, in the time where the reader is. */
function localTime(at: string): string {
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function valueOf({ kind }: Field, text: string): unknown {
  if (kind === 'pairs')
    return Object.fromEntries(pairsOf(text).map(([name, value]) => [name, plainValue(value)]))
  if (kind === 'definitions') return pairsOf(text).map(([name, type]) => ({ name, type }))
  if (kind === 'list')
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  if (kind === 'long') return text
  if (text === '') return null
  if (kind === 'number') return Number(text)
  return kind === 'moment' ? new Date(text).toISOString() : text
}

/** The body of a POST: what was left empty is left out. */
export const bodyOf = (fields: readonly Field[], values: Values): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const value = valueOf(field, values[field.name] ?? '')
      return value === null ? [] : [[field.name, value]]
    }),
  )

/** The body of a PATCH: what differs from `base`, where null removes. */
export const changesOf = (
  fields: readonly Field[],
  base: Values,
  values: Values,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    fields
      .filter(({ name }) => values[name] !== base[name])
      .map((field) => [field.name, valueOf(field, values[field.name] ?? '')]),
  )
