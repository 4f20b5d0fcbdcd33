import type { Static, TSchema, TUnknown } from 'typebox'
import type { Call } from '../platform/call.ts'
import type { HttpMethod } from './http-methods.ts'
import type { Limited } from './overload/traffic.ts'
import type { Thing } from './shared-answers.ts'
import type { Identity } from './tokens.ts'

/** `customer` is whoever is logged in, admins too. */
export type Access = 'anyone' | 'customer' | 'admin'

export type Answer<Body> = {
  readonly body: Body
  readonly headers?: Readonly<Record<string, string>>
}

/** What a handler gets: validated, so its types can be trusted. */
export type Input<Params, Query, Headers, Body> = {
  readonly params: Params
  readonly query: Query
  readonly headers: Headers
  readonly body: Body
  /** Empty when there is none, or when the endpoint takes none. */
  readonly idempotencyKey: string
}

type Definition<
  Params extends TSchema,
  Query extends TSchema,
  Headers extends TSchema,
  Body extends TSchema,
  Response extends TSchema,
> = {
  readonly method: HttpMethod
  readonly path: string
  readonly access: Access
  readonly tag: string
  /** The operation's name for generated clients. */
  readonly id: string
  readonly summary: string
  /** What it competes for a place with under overload; `others` unless it says so. */
  readonly admission?: Limited
  /** `credentials`: guessing passwords and making accounts has a stricter limit, for each address and each account. */
  readonly rate?: 'credentials'
  readonly params?: Params
  readonly query?: Query
  readonly headers?: Headers
  readonly body?: Body
  /** A request without a body counts as one with `{}`. */
  readonly isBodyOptional?: boolean
  /** The most that a body may hold, in bytes; limits.ts has what is usual. */
  readonly bodyBytes?: number
  /** Takes an Idempotency-Key: the same request under the same key is done once. */
  readonly takesIdempotencyKey?: boolean
  readonly status: 200 | 201 | 202 | 204 | 302 | 303
  readonly response: Response
  readonly handle: (
    input: Input<Static<Params>, Static<Query>, Static<Headers>, Static<Body>>,
    call: Call,
    identity: Identity | undefined,
  ) => Promise<Answer<Static<Response>>>
  /**
   * The cache policy. Without it no answer is kept. With it the answers must be the same for everybody: the gateway keeps each
   * for a second at most, and forgets it when one of the things that this function names has changed.
   */
  readonly shows?: (body: Static<Response>, query: Static<Query>) => readonly Thing[]
}

/** A row of the table that the routes, their documentation and the authorization tests are made from. */
export type Endpoint = Omit<Definition<TSchema, TSchema, TSchema, TSchema, TSchema>, 'handle' | 'shows'> & {
  readonly handle: (
    input: Input<unknown, unknown, unknown, unknown>,
    call: Call,
    identity: Identity | undefined,
  ) => Promise<Answer<unknown>>
  readonly shows?: (body: unknown, query: unknown) => readonly Thing[]
}

export function endpoint<
  Response extends TSchema,
  Params extends TSchema = TUnknown,
  Query extends TSchema = TUnknown,
  Headers extends TSchema = TUnknown,
  Body extends TSchema = TUnknown,
>(definition: Definition<Params, Query, Headers, Body, Response>): Endpoint {
  // The schemas are checked before `handle` is called, so the input has the types that it wants.
  return definition as unknown as Endpoint
}
