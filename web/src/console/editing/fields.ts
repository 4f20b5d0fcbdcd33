/** A field of something that staff edit. `list` is several texts with commas between them. */
export type Field = {
  readonly name: string
  readonly label: string
  readonly kind: 'text' | 'long' | 'number' | 'choice' | 'list' | 'moment'
  readonly isRequired?: boolean
  readonly hint?: string
  readonly choices?: Readonly<Record<string, string>>
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
  if (kind === 'moment') return localTime(value as string)
  return String(value)
}

/** As an input of the browser wants it, in the time where the reader is. */
function localTime(at: string): string {
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function valueOf({ kind }: Field, text: string): unknown {
  if (kind === 'list')
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
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
