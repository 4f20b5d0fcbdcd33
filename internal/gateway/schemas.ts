import { Type, type Static, type TSchema } from 'typebox'
import { cursorLength, idempotencyKeyLength, pageLength } from './limits.ts'

// What several resources share.

export const Uuid = Type.String({ format: 'uuid' })
export const Time = Type.String({ format: 'date-time' })
export const Amount = Type.Number({ description: 'In units of the currency, with its decimals: 999.99' })
export const Currency = Type.String({ description: 'ISO 4217', examples: ['USD'] })

export const IdParams = Type.Object({ id: Uuid })

/** Visible ASCII. */
const idempotencyKeyPattern = `^[\\x21-\\x7e]{1,${idempotencyKeyLength}}$`

export const IdempotencyKeyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: idempotencyKeyPattern,
      description: 'The same key from the same user does the same thing once, however often it is sent',
    }),
  ),
})

export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageLength.max, default: pageLength.default })),
  cursor: Type.Optional(
    Type.String({
      maxLength: cursorLength,
      description: 'The nextCursor of the page before, for the same filters',
    }),
  ),
}

/** A schema that OpenAPI names and others refer to. */
export type Named<Schema extends TSchema> = Schema & { readonly $id: string }

export function named<Schema extends TSchema>(id: string, schema: Schema): Named<Schema> {
  return { ...schema, $id: id }
}

export function refTo<Schema extends TSchema>(schema: Named<Schema>) {
  return Type.Unsafe<Static<Schema>>({ $ref: `${schema.$id}#` })
}

export function pageOf<Schema extends TSchema>(schema: Named<Schema>) {
  return Type.Object({
    data: Type.Array(refTo(schema)),
    nextCursor: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'null on the last page',
    }),
  })
}

export const Problem = named(
  'Problem',
  Type.Object(
    {
      type: Type.String(),
      title: Type.String(),
      status: Type.Integer(),
      detail: Type.String({ description: 'For people' }),
      code: Type.String({ description: 'Stable, for programs: order.out-of-stock' }),
      instance: Type.Optional(Type.String({ description: 'The path; absent where it was not read' })),
      requestId: Type.Optional(Type.String({ description: 'Absent where the request was not read' })),
      errors: Type.Optional(
        Type.Array(
          Type.Object({
            in: Type.String({ description: 'body | query | path | headers' }),
            path: Type.String({ description: 'JSON Pointer' }),
            message: Type.String(),
          }),
          { description: 'Of a request that is not as its schema says (request.invalid)' },
        ),
      ),
    },
    { additionalProperties: true, description: 'RFC 9457' },
  ),
)

/** As draft-ietf-httpapi-ratelimit-headers has them, in the form of its versions up to 6. */
export const rateHeaders = {
  'RateLimit-Limit': Type.Integer({ description: 'How many a minute, of the limit that is nearest' }),
  'RateLimit-Remaining': Type.Integer({ description: 'How many are left' }),
  'RateLimit-Reset': Type.Integer({ description: 'In how many seconds all are there again' }),
  'Retry-After': Type.Integer({ description: 'With 429 and 503: seconds to wait' }),
}
