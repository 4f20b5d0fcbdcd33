import type { FastifyInstance, FastifyRequest, FastifySchema, RouteOptions } from 'fastify'
import { Type, type TObject, type TSchema } from 'typebox'
import type { Log } from '../platform/log.ts'
import { refusalToCall } from './caller.ts'
import type { Endpoint } from './endpoint.ts'
import type { AccountOf } from './account-of.ts'
import { accountRate } from './account-rates.ts'
import type { AdmittedCall } from './overload/limit-work.ts'
import { onceOf } from './once.ts'
import { recordActs } from './record-acts.ts'
import { addressOf, credentialRate } from './rates.ts'
import type { SharedAnswers } from './shared-answers.ts'
import { isShared, sharedRoute } from './shared-route.ts'
import { IdempotencyKeyHeader, Problem, rateHeaders, refTo } from './schemas.ts'
import { Order } from './routes/order-schemas.ts'
import { Payment, Refund } from './routes/payment-schemas.ts'
import { Product, StockLevel } from './routes/product-schemas.ts'
import { DeadLetter } from './routes/admin-schemas.ts'
import { User } from './routes/user-schemas.ts'

export type RouteLimits = {
  /** For the digests of requests with an Idempotency-Key. */
  readonly jwtSecret: string
  readonly loginLimitPerMinute: number
  readonly loginFailuresPerMinute: number
  readonly accountOf: AccountOf
  readonly log: Log
}

/** Makes routes from the table of endpoints. */
export function addEndpoints(
  app: FastifyInstance,
  endpoints: readonly Endpoint[],
  limits: RouteLimits,
  answers: SharedAnswers,
): void {
  for (const schema of [Problem, User, Product, StockLevel, Order, Payment, Refund, DeadLetter])
    app.addSchema(schema)
  const config = { rateLimit: credentialRate(limits.loginLimitPerMinute) }
  const rateOf = accountRate(limits.loginFailuresPerMinute, limits.accountOf)
  for (const endpoint of endpoints) {
    const { rate, logins = () => [] } = endpoint
    const route = {
      ...(rate === 'credentials' ? { config, ...rateOf(logins) } : {}),
      onResponse: recordActs(endpoint, limits.log),
      ...routeOf(endpoint, limits.jwtSecret, answers),
    }
    if (endpoint.takesBytes) takeBytes(app, route)
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

function routeOf(endpoint: Endpoint, secret: string, answers: SharedAnswers): RouteOptions {
  return {
    method: endpoint.method,
    url: endpoint.path,
    schema: schemaOf(endpoint),
    ...(endpoint.bodyBytes === undefined ? {} : { bodyLimit: endpoint.bodyBytes }),
    ...(endpoint.isBodyOptional ? { preValidation: missingBodyIsEmpty } : {}),
    ...(isShared(endpoint) ? sharedRoute(endpoint, answers) : ownRoute(endpoint, secret)),
  }
}

/** A route that makes an answer for each request. */
function ownRoute(
  endpoint: Endpoint,
  secret: string,
): Pick<RouteOptions, 'onRequest' | 'preParsing' | 'handler'> {
  const isByDigest = endpoint.takesIdempotencyKey && !endpoint.keepsOwnKeys
  return {
    // This is checked before the body is read, because the body does not matter when the caller may not call.
    preParsing(request, _reply, payload, done) {
      done(refusalToCall(endpoint.access, request.caller), payload)
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
        ...caller.call,
        ...(isByDigest && idempotencyKey !== '' ? { once: onceOf(request, idempotencyKey, secret) } : {}),
        admission: endpoint.admission ?? 'others',
        // Only the places of this class are shared out by address.
        ...(endpoint.admission === 'credentials' ? { address: addressOf(request) } : {}),
      }
      const input = { params, query, headers, body, idempotencyKey }
      const answer = await endpoint.handle(input, call, caller.identity)
      reply.code(endpoint.status)
      if (answer.headers) reply.headers(answer.headers)
      if (answer.isReplay) void reply.header('idempotent-replayed', 'true')
      return answer.body
    },
  }
}

/** The schema has validated the header. */
const keyOf = (headers: FastifyRequest['headers']): string => String(headers['idempotency-key'] ?? '')

function missingBodyIsEmpty(request: { body: unknown }, _reply: unknown, done: () => void): void {
  request.body ??= {}
  done()
}

function schemaOf(endpoint: Endpoint): FastifySchema {
  const { id, summary, tag, access, params, query, body, status, response } = endpoint
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
    security: access === 'anyone' ? [] : [{ bearer: [] }],
    ...(params ? { params } : {}),
    ...(query ? { querystring: query } : {}),
    ...(headers ? { headers } : {}),
    ...(body ? { body } : {}),
    response: { [status]: { description: summary, ...response }, '4xx': refused, '5xx': unavailable },
  }
}

function headersOf({ headers, takesIdempotencyKey }: Endpoint): TSchema | undefined {
  if (!takesIdempotencyKey) return headers
  // A schema of headers is always an object.
  const own = (headers as TObject | undefined)?.properties ?? {}
  return Type.Object({ ...IdempotencyKeyHeader.properties, ...own })
}
