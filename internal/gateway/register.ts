import type { FastifyInstance, FastifyRequest, FastifySchema, RouteOptions } from 'fastify'
import { Type, type TObject, type TSchema } from 'typebox'
import type { Log } from '../platform/log.ts'
import type { Refusal } from '../platform/refusal.ts'
import { askerOf, viewerOf } from './asker.ts'
import type { Access } from '../platform/callers/access.ts'
import { callerAt, type CallerTokens } from './caller-at.ts'
import type { Endpoint } from './endpoint.ts'
import type { AccountOf } from './account-of.ts'
import { accountRate } from './account-rates.ts'
import type { AdmittedCall } from './overload/limit-work.ts'
import { onceOf } from './once.ts'
import { limitNewCarts } from './shoppers.ts'
import { recordActs } from './record-acts.ts'
import { addressOf, credentialRate } from './rates.ts'
import type { Together } from './together/open-together.ts'
import { sharedSchemas } from './shared-schemas.ts'
import type { SharedAnswers } from './shared-answers.ts'
import { isShared, sharedRoute } from './shared-route.ts'
import { IdempotencyKeyHeader, Problem, rateHeaders, refTo } from './schemas.ts'
import { takeCsv } from './catalogue-files/take-csv.ts'
import { takeFile } from './images/read-upload.ts'
import { csvFiles, uploads } from './limits.ts'
import type { Visits } from './visits/open-visits.ts'
import { countVisits } from './visits/count-visits.ts'

export type RouteLimits = CallerTokens & {
  /** For the digests of requests with an Idempotency-Key. */
  readonly jwtSecret: string
  readonly loginLimitPerMinute: number
  readonly loginFailuresPerMinute: number
  readonly accountOf: AccountOf
  /** Guests' carts of one address. */
  readonly guestCartsPerMinute: number
  readonly together: Pick<Together, 'rates'>
  readonly visits: Pick<Visits, 'add'>
  readonly log: Log
}

/** Makes routes from the table of endpoints. */
export function addEndpoints(
  app: FastifyInstance,
  endpoints: readonly Endpoint[],
  limits: RouteLimits,
  answers: SharedAnswers,
): void {
  for (const schema of sharedSchemas) app.addSchema(schema)
  const config = { rateLimit: credentialRate(limits.loginLimitPerMinute) }
  const rateOf = accountRate(limits.loginFailuresPerMinute, limits.accountOf, limits.together.rates)
  const limitCarts = limitNewCarts(limits.guestCartsPerMinute, limits.together.rates)
  for (const endpoint of endpoints) {
    if (endpoint.access === 'staff' && endpoint.permission === undefined)
      throw new Error(`${endpoint.method} ${endpoint.path} is for staff, so it has to say what they need`)
    const { rate, logins = () => [] } = endpoint
    const route = {
      ...(rate === 'credentials' ? { config, ...rateOf(logins) } : {}),
      onResponse: [recordActs(endpoint, limits.log), ...countVisits(endpoint, limits.visits)],
      ...routeOf(endpoint, limits, answers),
      ...(endpoint.makesCart ? { preHandler: limitCarts } : {}),
    }
    if (endpoint.takesBytes) takeBytes(app, route)
    else if (endpoint.takesFile) takeFile(app, route, uploads)
    else if (endpoint.takesCsv) takeCsv(app, route, csvFiles)
    else app.route(route)
  }
}

/** The route is in a scope of its own, where bodies are not parsed. */
function takeBytes(app: FastifyInstance, route: RouteOptions): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.route(route)
  })
}

function routeOf(endpoint: Endpoint, limits: RouteLimits, answers: SharedAnswers): RouteOptions {
  return {
    method: endpoint.method,
    url: endpoint.path,
    // Nobody would read the stream of a HEAD request.
    ...(endpoint.isStream ? { exposeHeadRoute: false } : {}),
    schema: schemaOf(endpoint),
    ...(endpoint.bodyBytes === undefined ? {} : { bodyLimit: endpoint.bodyBytes }),
    ...(endpoint.isBodyOptional ? { preValidation: missingBodyIsEmpty } : {}),
    ...(isShared(endpoint) ? sharedRoute(endpoint, answers) : ownRoute(endpoint, limits)),
  }
}

/** A route that makes an answer for each request. */
function ownRoute(
  endpoint: Endpoint,
  { jwtSecret: secret, ...tokens }: RouteLimits,
): Pick<RouteOptions, 'onRequest' | 'preParsing' | 'handler'> {
  const isByDigest = endpoint.takesIdempotencyKey && !endpoint.keepsOwnKeys
  return {
    // This is checked before the body is read, because the body does not matter when the caller may not call.
    preParsing(request, _reply, payload, done) {
      done(refusalOf(endpoint, request, tokens), payload)
    },
    // Whatever is one's own must stay in no cache, and neither must its refusal.
    onRequest(_request, reply, done) {
      void reply.header('cache-control', 'no-store')
      done()
    },
    async handler(request, reply) {
      const { params, query, headers, body, caller } = request
      const idempotencyKey = endpoint.takesIdempotencyKey ? keyOf(headers) : ''
      const call: AdmittedCall = {
        admission: endpoint.admission ?? 'others',
        ...caller.call,
        ...(isByDigest && idempotencyKey !== '' ? { once: onceOf(request, idempotencyKey, secret) } : {}),
        // Only the places of this class are shared out by address.
        ...(endpoint.admission === 'credentials' ? { address: addressOf(request) } : {}),
      }
      const asker = endpoint.usesAsker ? { asker: askerOf(request) } : {}
      const viewer = endpoint.isStream ? { viewer: viewerOf(request, reply) } : {}
      const own = endpoint.isQuery ? { caller } : {}
      const input = { params, query, headers, body, idempotencyKey, ...asker, ...viewer, ...own }
      const answer = await endpoint.handle(input, call, caller.identity)
      reply.code('status' in answer ? (answer.status ?? endpoint.status) : endpoint.status)
      if (answer.headers) reply.headers(answer.headers)
      if (endpoint.mediaType !== undefined) void reply.type(endpoint.mediaType)
      if (answer.isReplay) void reply.header('idempotent-replayed', 'true')
      if ('body' in answer) return answer.body
      void reply.type('application/json; charset=utf-8')
      return answer.json
    },
  }
}

function refusalOf(endpoint: Endpoint, request: FastifyRequest, tokens: CallerTokens): Refusal | undefined {
  try {
    request.caller = callerAt(endpoint, request.caller, request, tokens)
    return undefined
  } catch (err) {
    return err as Refusal // only refusals are thrown
  }
}

/** The schema has validated the header. */
const keyOf = (headers: FastifyRequest['headers']): string => String(headers['idempotency-key'] ?? '')

function missingBodyIsEmpty(request: { body: unknown }, _reply: unknown, done: () => void): void {
  request.body ??= {}
  done()
}

function schemaOf(endpoint: Endpoint): FastifySchema {
  const { id, summary, tag, access, params, query, body, status, response, mediaType } = endpoint
  const headers = headersOf(endpoint)
  const problem = {
    description: 'What went wrong',
    content: { 'application/problem+json': { schema: refTo(Problem) } },
  }
  const unavailable = { ...problem, headers: { 'Retry-After': rateHeaders['Retry-After'] } }
  const refused = { ...problem, headers: rateHeaders }
  return {
    operationId: id,
    summary,
    tags: [tag],
    ...(endpoint.permission === undefined ? {} : { 'x-permission': endpoint.permission }),
    security: endpoint.isQuery ? everyToken : securityOf[access],
    ...(params ? { params } : {}),
    ...(query ? { querystring: query } : {}),
    ...(headers ? { headers } : {}),
    ...(body ? { body } : {}),
    ...(endpoint.takesFile ? { consumes: ['multipart/form-data'] } : {}),
    ...(endpoint.takesCsv ? { consumes: ['text/csv'] } : {}),
    response: {
      [status]: {
        description: summary,
        ...(mediaType === undefined ? response : { content: { [mediaType]: { schema: response } } }),
      },
      '4xx': refused,
      '5xx': unavailable,
    },
  }
}

/** A shopper may be anybody, logged in or with a Cart-Token. */
const securityOf: Readonly<Record<Access, readonly Record<string, string[]>[]>> = {
  anyone: [],
  shopper: [{}, { bearer: [] }, { cartToken: [] }],
  buyer: [{ bearer: [] }, { orderToken: [] }],
  customer: [{ bearer: [] }],
  staff: [{ bearer: [] }],
  admin: [{ bearer: [] }],
}

/** Who asks by a query brings whatever its fields need. */
const everyToken = [{}, { bearer: [] }, { cartToken: [] }, { orderToken: [] }]

function headersOf({ headers, takesIdempotencyKey }: Endpoint): TSchema | undefined {
  if (!takesIdempotencyKey) return headers
  // A schema of headers is always an object.
  const own = (headers as TObject | undefined)?.properties ?? {}
  return Type.Object({ ...IdempotencyKeyHeader.properties, ...own })
}
