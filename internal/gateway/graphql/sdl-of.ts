import type { TSchema } from 'typebox'

/** What is looked at of a schema of REST. */
type Schema = {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly description?: string
  readonly $ref?: string
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

export type SdlOf = {
  /** The types of these schemas and of what lies in them. */
  readonly types: (named: Readonly<Record<string, TSchema>>) => string
  /** The arguments of a field, of the schema of a query. */
  readonly args: (query: TSchema) => string
}

/**
 * Writes the schemas of REST in the language of GraphQL, so that both show the same and none can be forgotten. An object
 * within another is called after it and its field, and the same values or the same object keep their first name.
 */
export function sdlOf(): SdlOf {
  const names = new Map<string, string>()
  const written: string[] = []

  /** Returns the type's name without its nullability. */
  function typeOf(schema: Schema, name: string): string {
    if (schema.$ref !== undefined) return schema.$ref.replace(/#$/, '')
    if (schema.enum) return isEnum(schema.enum) ? once(schema.enum, name, writeEnum) : 'String'
    if (schema.items) return `[${typeOf(schema.items, singular(name))}!]`
    if (schema.properties) return once(schema, name, writeType)
    const type = typeof schema.type === 'string' ? schema.type : schema.type?.find((each) => each !== 'null')
    if (type === 'string' || typeof schema.const === 'string')
      return textTypes[schema.format ?? ''] ?? 'String'
    return scalars[type ?? ''] ?? 'JSON'
  }

  function once<Thing>(thing: Thing, name: string, write: (thing: Thing, name: string) => string): string {
    const text = JSON.stringify(thing)
    const known = names.get(text)
    if (known !== undefined) return known
    names.set(text, name)
    written.push(write(thing, name))
    return name
  }

  function writeType({ properties = {}, required = [] }: Schema, name: string): string {
    const fields = Object.entries(properties).map(([field, schema]) => {
      const isThere =
        required.includes(field) && !(Array.isArray(schema.type) && schema.type.includes('null'))
      const type = typeOf(schema, `${name}${capital(field)}`)
      return `${described(schema)}  ${field}: ${type}${isThere ? '!' : ''}`
    })
    return `type ${name} {\n${fields.join('\n')}\n}`
  }

  return {
    types(named) {
      for (const [name, schema] of Object.entries(named)) typeOf({ ...(schema as Schema) }, name)
      return written.splice(0).join('\n\n')
    },
    args: (query) =>
      Object.entries((query as Schema).properties ?? {})
        .filter(([name]) => isName(name))
        .map(([name, schema]) => `${argumentOf[name] ?? name}: ${typeOf(schema, capital(name))}`)
        .join(', '),
  }
}

/** What the parameters of pages are called here: as in most schemas. */
export const argumentOf: Readonly<Record<string, string>> = { limit: 'first', cursor: 'after' }

const scalars: Readonly<Record<string, string>> = { integer: 'Int', number: 'Float', boolean: 'Boolean' }
const textTypes: Readonly<Record<string, string>> = { uuid: 'ID', 'date-time': 'DateTime' }

const isName = (text: unknown): text is string => typeof text === 'string' && /^[A-Za-z]\w*$/.test(text)
const isEnum = (values: readonly unknown[]): boolean => values.every(isName)
const writeEnum = (values: readonly unknown[], name: string): string =>
  `enum ${name} {\n${values.map((value) => `  ${String(value)}`).join('\n')}\n}`

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const singular = (text: string): string => text.replace(/s$/, '')
const described = ({ description }: Schema): string =>
  description === undefined ? '' : `  "${description.replace(/["\\]/g, '\\$&')}"\n`
