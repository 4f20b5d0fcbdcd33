import type { Static, TSchema, TUnknown } from 'typebox'
import type { Call } from '../platform/call.ts'
import type { Access, Caller } from '../platform/callers/access.ts'
import type { Permission } from '../platform/permissions.ts'
import type { HttpMethod } from './http-methods.ts'
import type { Limited } from './overload/traffic.ts'
import type { Thing } from './shared-answers.ts'
import type { Viewer } from './streams/open-streams.ts'
import type { VisitKind } from './visits/visit.ts'
import type { Identity } from '../platform/callers/tokens.ts'

export type Answer<Body> = {
  readonly body: Body
  /** When it is not the endpoint's: of a part of a file, or of one that the client has. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** True when the same request had been made before under its Idempotency-Key. */
  readonly isReplay?: boolean
}

/** An answer of an endpoint that has written it itself: the whole body in JSON. */
export type JsonAnswer = Omit<Answer<never>, 'body'> & { readonly json: Buffer | string }

/** The input of a handler. It is validated, so its types can be trusted. */
export type Input<Params, Query, Headers, Body> = {
  readonly params: Params
  readonly query: Query
  readonly headers: Headers
  readonly body: Body
  /** Empty when the request has none or the endpoint does not accept one. */
  readonly idempotencyKey: string
  /** Present for endpoints that ask for it. */
  readonly asker?: Asker
  /** Present for queries. */
  readonly caller?: Caller
  /** Present for endpoints whose answer is a stream. */
  readonly viewer?: Viewer
}

/** From where somebody asks. */
export type Asker = {
  /** The origin of the shop as the caller knows it, such as https://shop.example. */
  readonly origin: string
  /** The caller's address or network. */
  readonly address: string
  /** The User-Agent, as far as it is worth storing. */
  readonly client: string
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
  /**
   * What staff need here. Where customers deal with their own, it is what others need to deal with everybody's: the
   * service sees to that.
   */
  readonly permission?: Permission
  /** True when staff who have yet to set up a second factor may use it. */
  readonly isForSetup?: boolean
  readonly tag: string
  /** The operation's name for generated clients. */
  readonly id: string
  readonly summary: string
  /** The class of requests with which this one competes for a place under overload; `others` by default. */
  readonly admission?: Limited
  /**
   * `credentials` is a stricter rate limit for each address and each account, against guessing and mass registration.
   */
  readonly rate?: 'credentials'
  /** True when the request of a guest without a cart makes one, which is limited for each address. */
  readonly makesCart?: boolean
  /** The logins that a request tries, of an endpoint with that rate. It may refuse the body. */
  readonly logins?: (body: Static<Body>, identity: Identity | undefined) => readonly string[]
  readonly params?: Params
  readonly query?: Query
  readonly headers?: Headers
  readonly body?: Body
  /** True when a request without a body is treated as one with `{}`. */
  readonly isBodyOptional?: boolean
  /** The largest body in bytes; `bodyBytes.usual` of limits.ts by default. */
  readonly bodyBytes?: number
  /**
   * True when the endpoint accepts an Idempotency-Key: a request that is repeated under the same key is executed once.
   * All POST endpoints that change something do (once.ts).
   */
  readonly takesIdempotencyKey?: boolean
  /** True when the service recognises a repetition by the key itself, so that no digests of the request are needed. */
  readonly keepsOwnKeys?: boolean
  /** True when the handler has to know from where somebody asks. */
  readonly usesAsker?: boolean
  /** True when a POST only reads. The handler decides itself what the caller may see. */
  readonly isQuery?: boolean
  /** True when the body is taken as it comes, of any media type: a signature is about its bytes. */
  readonly takesBytes?: boolean
  /** True when the body is a form of multipart/form-data whose field `file` is an upload. */
  readonly takesFile?: boolean
  /** True when the body is a file of text/csv, which may be long. */
  readonly takesCsv?: boolean
  /** True when the answer goes on for as long as somebody reads it. */
  readonly isStream?: boolean
  /** The media type of an answer that is no JSON but bytes. */
  readonly mediaType?: string
  /** What a request of a person counts as in the figures of the shop. */
  readonly counts?: VisitKind
  readonly status: 200 | 201 | 202 | 204 | 302 | 303
  readonly response: Response
  readonly handle: (
    input: Input<Static<Params>, Static<Query>, Static<Headers>, Static<Body>>,
    call: Call,
    identity: Identity | undefined,
  ) => Promise<Answer<Static<Response>> | JsonAnswer>
  /**
   * The cache policy. Without it no answer is cached. With it the answers must be the same for everybody: the gateway
   * caches each for at most a second, and drops it when one of the things changes that this function returns.
   */
  readonly shows?: (body: Static<Response>, query: Static<Query>) => readonly Thing[]
}

/** One row of the table from which the routes, their documentation and the authorization tests are made. */
export type Endpoint = Omit<
  Definition<TSchema, TSchema, TSchema, TSchema, TSchema>,
  'handle' | 'shows' | 'logins'
> & {
  readonly handle: (
    input: Input<unknown, unknown, unknown, unknown>,
    call: Call,
    identity: Identity | undefined,
  ) => Promise<Answer<unknown> | JsonAnswer>
  readonly shows?: (body: unknown, query: unknown) => readonly Thing[]
  readonly logins?: (body: unknown, identity: Identity | undefined) => readonly string[]
}

export function endpoint<
  Response extends TSchema,
  Params extends TSchema = TUnknown,
  Query extends TSchema = TUnknown,
  Headers extends TSchema = TUnknown,
  Body extends TSchema = TUnknown,
>(definition: Definition<Params, Query, Headers, Body, Response>): Endpoint {
  // The input is validated by these schemas before `handle` is called, so it has the types that `handle` expects.
  return definition as unknown as Endpoint
}
