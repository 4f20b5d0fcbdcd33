import { Type, type TObject, type TSchema } from 'typebox'
import type { Endpoint } from '../endpoint.ts'
import { validatorCompiler } from '../validation.ts'
import type { AskInput } from './part.ts'
import { argumentOf } from './sdl-of.ts'

type Given = Readonly<Record<string, unknown>>
type Checked = { readonly params: Given; readonly query: Given }
type Check = (given: Given) => Given

/** Checks arguments by the schemas of the endpoint, so that they are refused as REST refuses them. */
export function inputReader(): (endpoint: Endpoint, asked: AskInput) => Checked {
  const checks = new Map<Endpoint, (asked: AskInput) => Checked>()
  return (endpoint, asked) => {
    const check = checks.get(endpoint) ?? checkerOf(endpoint)
    checks.set(endpoint, check)
    return check(asked)
  }
}

function checkerOf({ params, query }: Endpoint): (asked: AskInput) => Checked {
  const checkParams = params ? checked(params, 'params') : nothing
  const checkQuery = query ? checked(renamed(query as QuerySchema), 'querystring') : nothing
  return (asked) => ({
    params: checkParams(asked.params ?? {}),
    query: withRestNames(checkQuery(given(asked.query ?? {}))),
  })
}

const nothing: Check = () => ({})

function checked(schema: TSchema, httpPart: string): Check {
  const check = validatorCompiler({ schema, httpPart, method: 'GET', url: '' })
  return (value) => {
    const result = check(value) as { readonly error?: Error; readonly value?: Given }
    if (result.error) throw result.error
    return result.value ?? {}
  }
}

type QuerySchema = TObject & { readonly patternProperties?: Record<string, TSchema> }

/** With the names of arguments, so that whoever asks wrongly is told of what they have written. */
const renamed = ({ properties, patternProperties }: QuerySchema): TSchema =>
  Type.Object(
    Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [argumentOf[name] ?? name, schema]),
    ),
    { additionalProperties: false, ...(patternProperties && { patternProperties }) },
  )

const restNames = new Map(Object.entries(argumentOf).map(([rest, argument]) => [argument, rest]))

const withRestNames = (query: Given): Given =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [restNames.get(name) ?? name, value]))

/** An argument that is null is not given. */
const given = (query: Given): Given =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== null && value !== undefined))
