import { printSchema } from 'graphql'
import { Type } from 'typebox'
import type { Log } from '../../platform/log.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { CallerTokens } from '../caller-at.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes, graphqlLimits } from '../limits.ts'
import { CartTokenHeader, OrderTokenHeader } from '../schemas.ts'
import type { SharedAnswers } from '../shared-answers.ts'
import { answerQuery } from './answer-query.ts'
import { operationsOf } from './asking.ts'
import { openDocuments } from './documents.ts'
import { problemOfQuery } from './errors.ts'
import { openSchema } from './open-schema.ts'
import { partsOf } from './parts.ts'
import { prepareQuery } from './prepare.ts'
import type { Services } from './services.ts'

export type GraphqlDeps = Services &
  CallerTokens & {
    readonly answers: SharedAnswers
    readonly log: Log
    /** False in production. */
    readonly introspects: boolean
  }

const tag = 'graphql'

const QueryBody = Type.Object(
  {
    query: Type.Optional(Type.String({ maxLength: graphqlLimits.characters })),
    operationName: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'] })),
    variables: Type.Optional(Type.Unsafe<Record<string, unknown> | null>({ type: ['object', 'null'] })),
    extensions: Type.Optional(
      Type.Unsafe<Extensions | null>({
        type: ['object', 'null'],
        properties: {
          persistedQuery: Type.Object({
            version: Type.Literal(1),
            sha256Hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
          }),
        },
        description: 'persistedQuery has the SHA-256 of a query that need not be sent again',
      }),
    ),
  },
  { additionalProperties: false },
)

type Extensions = { readonly persistedQuery?: { readonly sha256Hash: string } }

const QueryAnswer = Type.Object({
  data: Type.Optional(Type.Unknown()),
  errors: Type.Optional(
    Type.Array(
      Type.Object({
        message: Type.String(),
        extensions: Type.Object({
          code: Type.String({ description: 'The code of the refusal, as in a problem of REST' }),
          status: Type.Integer({ description: 'What REST would have answered with' }),
        }),
      }),
    ),
  ),
})

/** Queries over the endpoints of this table. */
export function graphqlRoutes(table: readonly Endpoint[], deps: GraphqlDeps): readonly Endpoint[] {
  const operations = operationsOf(table, deps)
  const opened = openSchema(partsOf(deps), operations)
  const { answers, log, introspects } = deps
  const onBug = (err: unknown): void => log.error({ err }, 'a field of GraphQL failed')
  const answer = answerQuery({ ...opened, ...operations, answers, onBug })
  const documents = openDocuments(graphqlLimits.keptCharacters, (text, operationName) =>
    prepareQuery(text, operationName, { ...opened, introspects }),
  )
  const sdl = Buffer.from(`${printSchema(opened.schema)}\n`)
  return [
    endpoint({
      ...{ method: 'POST', path: '/graphql', access: 'anyone', tag, id: 'queryGraphql' },
      summary: 'Read by a GraphQL query; each field is for whom its route of REST is',
      isQuery: true,
      bodyBytes: bodyBytes.graphql,
      headers: Type.Object({ ...CartTokenHeader.properties, ...OrderTokenHeader.properties }),
      body: QueryBody,
      status: 200,
      response: QueryAnswer,
      async handle({ body, headers, caller }) {
        if (!caller) throw new Error('the route gives the caller')
        try {
          const named = { query: body.query, hash: body.extensions?.persistedQuery?.sha256Hash }
          const prepared = documents.get(named, body.operationName ?? undefined)
          return { json: await answer(prepared, body.variables ?? {}, { caller, headers }) }
        } catch (err) {
          throw err instanceof Refusal ? problemOfQuery(err) : err
        }
      },
    }),
    endpoint({
      ...{ method: 'GET', path: '/graphql/schema', access: 'anyone', tag, id: 'getGraphqlSchema' },
      summary: 'Show the schema of GraphQL in its own language',
      mediaType: 'text/plain',
      status: 200,
      response: Type.Unsafe<Buffer>({ type: 'string' }),
      handle: async () => ({ body: sdl }),
    }),
  ]
}
