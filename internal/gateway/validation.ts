import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import { Refusal } from '../platform/refusal.ts'
import { nothingHere } from './not-found.ts'
import { countsOf, shownProblems } from './counts.ts'
import { refuseUnstorable } from './text.ts'

type Part = 'body' | 'query' | 'path' | 'headers'
type Problem = { readonly path: string; readonly message: string }
type ValidationProblem = Problem & { readonly in: Part }

const partOf: Readonly<Record<string, Part>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
}

/** Validation removes nothing and adds no defaults. It converts only the query, whose values are all text. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema)
  const part = partOf[httpPart ?? ''] ?? 'body'
  const read = part === 'query' ? queryReader(schema) : (value: unknown) => value
  const counts = countsOf(schema)
  const declared = part === 'body' ? [] : Object.keys(propertiesOf(schema))
  return (received: unknown) => {
    try {
      const value = read(received)
      if (part === 'path' && hasEmptyPart(value)) return { error: nothingHere() }
      const tooMany = counts(value)
      if (tooMany.length > 0) return { error: refusalOf(part, tooMany) }
      for (const name of declared) checkText((value as Record<string, unknown>)[name], part)
      if (validator.Check(value)) return { value }
      return { error: refusalOf(part, validator.Errors(value).flatMap(explain)) }
    } catch (err) {
      return { error: err as Error } // only refusals are thrown here
    }
  }
}

/** Of a path such as `/products//stock`. */
const hasEmptyPart = (value: unknown): boolean => Object.values(value as object).includes('')

function checkText(value: unknown, part: Part): void {
  if (typeof value === 'string') refuseUnstorable(value, part)
}

/** Names of properties are repeated as far as this, in characters. */
const shownName = 200

function refusalOf(part: Part, found: readonly Problem[]): Refusal {
  const problems = found
    .slice(0, shownProblems)
    .map(({ path, message }): ValidationProblem => ({ in: part, path: shorten(path), message }))
  const first = problems[0]
  const where = first ? `${first.in}${first.path}` : part
  const message = `${where} ${first?.message ?? 'is not as it must be'}`
  return new Refusal('invalid', 'request.invalid', message, { errors: problems })
}

const shorten = (path: string): string => (path.length > shownName ? `${path.slice(0, shownName)}…` : path)

function explain(err: TLocalizedValidationError): readonly Problem[] {
  const at = (name: string, message: string): Problem => ({ path: `${err.instancePath}${name}`, message })
  if (err.keyword === 'required')
    return err.params.requiredProperties.map((name) => at(`/${name}`, 'is required'))
  if (err.keyword === 'additionalProperties')
    return err.params.additionalProperties.map((name) => at(`/${name}`, 'is not known here'))
  // This error only repeats that an unknown property is not allowed.
  if (err.keyword === 'boolean') return []
  if (err.keyword === 'enum') return [at('', `must be one of ${err.params.allowedValues.join(', ')}`)]
  return [at('', err.message)]
}

type PropertySchema = { readonly type?: unknown }

function propertiesOf(schema: TSchema): Readonly<Record<string, PropertySchema>> {
  return (schema as { readonly properties?: Record<string, PropertySchema> }).properties ?? {}
}

/** Text that is not exactly a number or a boolean stays text, and the schema refuses it. */
function queryReader(schema: TSchema): (query: unknown) => unknown {
  const readers = Object.entries(propertiesOf(schema)).flatMap(([name, { type }]) => {
    const read = typeof type === 'string' ? readText[type] : undefined
    return read ? [[name, read] as const] : []
  })
  return (query) => {
    const value: Record<string, unknown> = { ...(query as Record<string, unknown>) }
    for (const [name, read] of readers) {
      const text = value[name]
      if (typeof text === 'string') value[name] = read(text) ?? text
    }
    return value
  }
}

const readText: Readonly<Record<string, (text: string) => number | boolean | undefined>> = {
  integer: (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : undefined),
  number: (text) => (/^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : undefined),
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
}
