import type { Static, TSchema, TUnknown } from 'typebox'
import type { Call } from '../platform/call.ts'
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
}

type Definition<
  Params extends TSchema,
  Query extends TSchema,
  Headers extends TSchema,
  Body extends TSchema,
  Response extends TSchema,
> = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly access: Access
  readonly tag: string
  /** The operation's name for generated clients. */
  readonly id: string
  readonly summary: string
  /** Guessing passwords and making accounts has a stricter limit. */
  readonly isCredential?: boolean
  readonly params?: Params
  readonly query?: Query
  readonly headers?: Headers
  readonly body?: Body
  /** A request without a body counts as one with `{}`. */
  readonly isBodyOptional?: boolean
  readonly status: 200 | 201 | 204
  readonly response: Response
  readonly handle: (
    input: Input<Static<Params>, Static<Query>, Static<Headers>, Static<Body>>,
    call: Call,
    identity: Identity | undefined,
  ) => Promise<Answer<Static<Response>>>
  /** The answers are the same for all and are kept for a moment: what one shows, any change of which ends it. */
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
