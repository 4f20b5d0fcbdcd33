import { expect, knownIn, listIn, objectIn, Refused, type Json } from './elastic-strict.ts'

export type Term = string | number | boolean

type Field = {
  readonly source: string
  readonly type: 'keyword' | 'integer' | 'long' | 'boolean' | 'text'
  readonly isSearched: boolean
  /** Of a text: the length of its runs. */
  readonly run: number
}

export type Mapping = {
  /** Refused when there is no such field, of which a real server would find nothing. */
  readonly fieldAt: (name: string) => Field
  /** What is in the field of a document. Of a text: its runs in their order. */
  readonly termsOf: (document: Json, name: string) => readonly Term[]
  /** Refused as `dynamic: strict` and the types want it. */
  readonly check: (document: Json) => void
}

/** Lucene's: a longer one is an error. */
const mostBytes = 32_766

/** What a call that makes an index says of its fields. */
export function mappingOf(body: unknown): Mapping & { readonly aliases: readonly string[] } {
  const { settings, mappings, aliases = {} } = knownIn(body, 'index', ['settings', 'mappings', 'aliases'])
  const runs = analyzersIn(settings)
  const fields = fieldsIn(mappings, runs)
  const fieldAt = (name: string): Field => {
    const field = fields.get(name)
    if (!field) throw new Refused(400, 'query_shard_exception', `no field [${name}]`)
    return field
  }
  return {
    aliases: Object.keys(objectIn(aliases, 'aliases')),
    fieldAt,
    termsOf(document, name) {
      const field = fieldAt(name)
      expect(field.isSearched, `[${name}] is not indexed`)
      const value = document[field.source]
      const values = value === undefined ? [] : ([value as Term].flat() as readonly Term[])
      return field.type === 'text' ? values.flatMap((text) => runsOf(String(text), field.run)) : values
    },
    check(document) {
      for (const [name, value] of Object.entries(document)) {
        const field = fields.get(name)
        if (!field) throw new Refused(400, 'strict_dynamic_mapping_exception', `[${name}] is not allowed`)
        for (const each of [value].flat()) checkValue(field, each)
      }
    },
  }
}

function checkValue({ type, source }: Field, value: unknown): void {
  const isWhole = /^-?\d{1,18}$/.test(String(value))
  const fits =
    type === 'boolean'
      ? typeof value === 'boolean'
      : type === 'integer' || type === 'long'
        ? isWhole
        : typeof value === 'string'
  if (!fits) throw new Refused(400, 'mapper_parsing_exception', `failed to parse field [${source}]`)
  if (type === 'keyword' && Buffer.byteLength(String(value)) > mostBytes)
    throw new Refused(400, 'illegal_argument_exception', `immense term in [${source}]`)
}

/** Each run of so many characters, one after the other, as the `ngram` tokenizer cuts them. */
export function runsOf(text: string, size: number): readonly string[] {
  const letters = Array.from(text)
  const runs: string[] = []
  for (let at = 0; at + size <= letters.length; at++) runs.push(letters.slice(at, at + size).join(''))
  return runs
}

function analyzersIn(settings: unknown): ReadonlyMap<string, number> {
  const { number_of_shards, analysis } = knownIn(settings, 'settings', ['number_of_shards', 'analysis'])
  expect(number_of_shards === 1, 'facets are exact in one shard only')
  const { tokenizer, analyzer } = knownIn(analysis, 'analysis', ['tokenizer', 'analyzer'])
  const sizes = new Map<string, number>()
  for (const [name, value] of Object.entries(objectIn(tokenizer, 'tokenizer'))) {
    const { type, min_gram, max_gram } = knownIn(value, name, ['type', 'min_gram', 'max_gram'])
    expect(type === 'ngram' && min_gram === max_gram, `[${name}] is no tokenizer for runs of one size`)
    sizes.set(name, Number(min_gram))
  }
  return new Map(
    Object.entries(objectIn(analyzer, 'analyzer')).map(([name, value]) => {
      const { type, tokenizer: cuts } = knownIn(value, name, ['type', 'tokenizer'])
      const size = sizes.get(String(cuts))
      if (type !== 'custom' || size === undefined)
        throw new Refused(400, 'illegal_argument_exception', `no tokenizer [${String(cuts)}]`)
      return [name, size]
    }),
  )
}

const settingsOf: Readonly<Record<Field['type'], readonly string[]>> = {
  keyword: ['type', 'fields'],
  integer: ['type'],
  long: ['type'],
  boolean: ['type'],
  text: ['type', 'analyzer', 'index', 'norms', 'index_options', 'fields'],
}

function fieldsIn(mappings: unknown, runs: ReadonlyMap<string, number>): ReadonlyMap<string, Field> {
  const { dynamic, properties } = knownIn(mappings, 'mappings', ['dynamic', 'properties'])
  expect(dynamic === 'strict', 'fields that nobody has named would be guessed')
  const fields = new Map<string, Field>()
  const add = (name: string, source: string, given: unknown): void => {
    const type = objectIn(given, name).type as Field['type']
    expect(type in settingsOf, `[${name}] has no handler for type [${type}]`)
    const { analyzer, index = true, fields: more = {} } = knownIn(given, name, settingsOf[type])
    const run = runs.get(String(analyzer)) ?? 0
    expect(type !== 'text' || index === false || run > 0, `[${name}] has an analyzer that is not there`)
    fields.set(name, { source, type, isSearched: index !== false, run })
    for (const [part, inner] of Object.entries(objectIn(more, name))) add(`${name}.${part}`, source, inner)
  }
  for (const [name, given] of Object.entries(objectIn(properties, 'properties'))) add(name, name, given)
  return fields
}

/** The fields of a document that are asked for. */
export function chosenOf(document: Json, wanted: unknown): Json | undefined {
  if (wanted === false) return undefined
  const names = listIn(wanted, '_source').map(String)
  return Object.fromEntries(Object.entries(document).filter(([name]) => names.includes(name)))
}
