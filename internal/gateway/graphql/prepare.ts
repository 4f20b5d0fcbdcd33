import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type OperationDefinitionNode,
} from 'graphql'
import { Refusal } from '../../platform/refusal.ts'
import { graphqlLimits } from '../limits.ts'
import { invalidQuery } from './errors.ts'
import type { OpenSchema } from './open-schema.ts'
import { costCounter } from './cost.ts'
import { fragmentsOf, shapeOf, type Shape } from './shape.ts'
import { unitsOf, type Unit } from './split.ts'

/** A query that may be answered as often as somebody asks. */
export type Prepared = {
  readonly operation: OperationDefinitionNode
  readonly costOf: (variables: Readonly<Record<string, unknown>>) => number
  readonly units: readonly Unit[]
}

export type PrepareOptions = OpenSchema & { readonly introspects: boolean }

/** Parses and checks a query. What is cheap to find comes first. */
export function prepareQuery(
  text: string,
  operationName: string | undefined,
  { schema, isShared, introspects }: PrepareOptions,
): Prepared {
  const document = parsed(text)
  const operation = operationIn(document, operationName)
  const fragments = fragmentsOf(document)
  for (const each of document.definitions)
    if (each.kind === Kind.OPERATION_DEFINITION) refuseShape(shapeOf(each, fragments), introspects)
  const errors = validate(schema, document, specifiedRules, { maxErrors: graphqlLimits.aliases })
  if (errors.length > 0) throw invalidQuery(errors)
  const units = unitsOf(operation, fragments, isShared)
  return { operation, units, costOf: costCounter(schema, operation, fragments) }
}

function parsed(text: string): DocumentNode {
  try {
    return parse(text, { maxTokens: graphqlLimits.tokens })
  } catch (err) {
    if (!(err instanceof GraphQLError)) throw err
    if (err.message.includes('tokens'))
      throw new Refusal(
        'invalid',
        'graphql.too-long',
        `a query has at most ${graphqlLimits.tokens} words and signs`,
      )
    const { message, locations } = err.toJSON()
    throw new Refusal('invalid', 'graphql.malformed', message, { errors: [{ message, locations }] })
  }
}

function operationIn({ definitions }: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const all = definitions.flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION ? [each] : []))
  const [operation, another] = name === undefined ? all : all.filter((each) => each.name?.value === name)
  if (!operation || another)
    throw new Refusal(
      'invalid',
      'graphql.unknown-operation',
      name === undefined ? 'say by operationName which query is meant' : 'the document has no such operation',
    )
  if (operation.operation !== OperationTypeNode.QUERY)
    throw new Refusal('invalid', 'graphql.reads-only', 'GraphQL only reads here; changes are made by REST')
  return operation
}

function refuseShape({ depth, aliases, introspects }: Shape, mayIntrospect: boolean): void {
  if (introspects && !mayIntrospect)
    throw new Refusal(
      'forbidden',
      'graphql.introspection-off',
      'the schema is at GET /graphql/schema; introspection is off in production',
    )
  if (depth > graphqlLimits.depth)
    throw new Refusal('invalid', 'graphql.too-deep', `fields lie at most ${graphqlLimits.depth} deep`)
  if (aliases > graphqlLimits.aliases)
    throw new Refusal(
      'invalid',
      'graphql.too-many-aliases',
      `at most ${graphqlLimits.aliases} fields have an alias or are asked for again`,
    )
}
