import { Type, type Static, type TSchema } from 'typebox'
import { cursorLength, idempotencyKeyLength, pageLength } from './limits.ts'

// Schemas that several resources share.

export const Uuid = Type.String({ format: 'uuid' })
export const Time = Type.String({ format: 'date-time' })
export const Amount = Type.Number({
  description: 'A decimal number in units of the currency, such as 999.99',
})
export const Currency = Type.String({ description: 'ISO 4217', examples: ['USD'] })

export const IdParams = Type.Object({ id: Uuid })

/** Any visible ASCII characters. */
const idempotencyKeyPattern = `^[\\x21-\\x7e]{1,${idempotencyKeyLength}}$`

export const IdempotencyKeyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: idempotencyKeyPattern,
      description: 'A request that is repeated with the same key by the same user is executed only once',
    }),
  ),
})

export const CartTokenHeader = Type.Object({
  'cart-token': Type.Optional(
    Type.String({
      description: "What a guest's cart is known by; logging in or registering with it merges it",
    }),
  ),
})

export const OrderTokenHeader = Type.Object({
  'order-token': Type.Optional(Type.String({ description: "What a guest's order is known by" })),
})

export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageLength.max, default: pageLength.default })),
  cursor: Type.Optional(
    Type.String({
      maxLength: cursorLength,
      description: 'The nextCursor of the previous page, with the same filters',
    }),
  ),
}

/** A schema that has a name in OpenAPI, so that others can refer to it. */
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
      code: Type.String({ description: 'A stable code for programs, such as order.out-of-stock' }),
      instance: Type.Optional(
        Type.String({ description: 'The path; absent when the request was refused before it was read' }),
      ),
      requestId: Type.Optional(
        Type.String({
          description: 'The id of the request; absent when the request was refused before it was read',
        }),
      ),
      errors: Type.Optional(
        Type.Array(
          Type.Object({
            in: Type.Optional(Type.String({ description: 'body | query | path | headers' })),
            path: Type.Optional(Type.String({ description: 'JSON Pointer' })),
            message: Type.String(),
          }),
          {
            description:
              'What is wrong with a request that does not match its schema (request.invalid), or with a query of GraphQL, where each has locations and extensions',
          },
        ),
      ),
    },
    { additionalProperties: true, description: 'RFC 9457' },
  ),
)

/** The headers of draft-ietf-httpapi-ratelimit-headers, in the form that they had up to its version 6. */
export const rateHeaders = {
  'RateLimit-Limit': Type.Integer({
    description: 'The requests per minute that are allowed, by the limit that will be reached first',
  }),
  'RateLimit-Remaining': Type.Integer({ description: 'The requests that are left' }),
  'RateLimit-Reset': Type.Integer({ description: 'The seconds until the limit is reset' }),
  'Retry-After': Type.Integer({ description: 'The seconds to wait, with 429 and 503' }),
}
