import type {
  FastifyInstance,
  FastifyRequest,
  FastifySchema,
  preHandlerHookHandler,
  RouteOptions,
} from 'fastify'
import { Type, type TObject, type TSchema } from 'typebox'
import type { Log } from '../platform/log.ts'
import type { Refusal } from '../platform/refusal.ts'
import { refusalToCall } from './caller.ts'
import type { Access, Asker, Endpoint } from './endpoint.ts'
import type { AccountOf } from './account-of.ts'
import { accountRate } from './account-rates.ts'
import type { AdmittedCall } from './overload/limit-work.ts'
import { onceOf } from './once.ts'
import { knowBuyer, knowShopper, limitNewCarts, type LimitNewCarts } from './shoppers.ts'
import type { GuestTokens } from './guest-tokens.ts'
import { recordActs } from './record-acts.ts'
import { addressOf, credentialRate } from './rates.ts'
import type { SharedAnswers } from './shared-answers.ts'
import { isShared, sharedRoute } from './shared-route.ts'
import { IdempotencyKeyHeader, Problem, rateHeaders, refTo } from './schemas.ts'
import { Return, Shipment, Tracking } from './routes/fulfilment-schemas.ts'
import { Order } from './routes/order-schemas.ts'
import { Cart } from './routes/cart-schemas.ts'
import { Payment, Refund } from './routes/payment-schemas.ts'
import { Promotion, ShippingMethod, TaxRate } from './routes/pricing-schemas.ts'
import { Product, StockLevel } from './routes/product-schemas.ts'
import { Receipt } from './routes/receipt-schemas.ts'
import { DeadLetter } from './routes/admin-schemas.ts'
import { Activity } from './routes/log-schemas.ts'
import { Delivery, FeedEntry, Preferences } from './routes/notification-schemas.ts'
import { WebhookDelivery, WebhookEndpoint, WebhookWithSecret } from './routes/webhook-schemas.ts'
import { StaffUser, User } from './routes/user-schemas.ts'

export type RouteLimits = {
  /** For the digests of requests with an Idempotency-Key. */
  readonly jwtSecret: string
  readonly loginLimitPerMinute: number
  readonly staffSecondFactor: 'optional' | 'required'
  readonly loginFailuresPerMinute: number
  readonly accountOf: AccountOf
  readonly cartTokens: GuestTokens
  readonly orderTokens: GuestTokens
  /** Guests' carts of one address. */
  readonly guestCartsPerMinute: number
  readonly log: Log
}

/** Makes routes from the table of endpoints. */
export function addEndpoints(
  app: FastifyInstance,
  endpoints: readonly Endpoint[],
  limits: RouteLimits,
  answers: SharedAnswers,
): void {
  const shared = [
    ...[Problem, User, StaffUser, Product, StockLevel, Cart, Order, Shipment, Tracking, Return],
    ...[ShippingMethod, TaxRate, Promotion, Payment, Refund, Receipt, DeadLetter, Activity],
    ...[FeedEntry, Preferences, Delivery, WebhookEndpoint, WebhookWithSecret, WebhookDelivery],
  ]
  for (const schema of shared) app.addSchema(schema)
  const config = { rateLimit: credentialRate(limits.loginLimitPerMinute) }
  const rateOf = accountRate(limits.loginFailuresPerMinute, limits.accountOf)
  const limitCarts = limitNewCarts(limits.guestCartsPerMinute)
  for (const endpoint of endpoints) {
    if (endpoint.access === 'staff' && endpoint.permission === undefined)
      throw new Error(`${endpoint.method} ${endpoint.path} is for staff, so it has to say what they need`)
    const { rate, logins = () => [] } = endpoint
    const route = {
      ...(rate === 'credentials' ? { config, ...rateOf(logins) } : {}),
      onResponse: recordActs(endpoint, limits.log),
      ...routeOf(endpoint, limits, answers),
      ...(endpoint.makesCart ? { preHandler: cartLimit(limitCarts) } : {}),
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

function routeOf(endpoint: Endpoint, limits: RouteLimits, answers: SharedAnswers): RouteOptions {
  return {
    method: endpoint.method,
    url: endpoint.path,
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
      const input = { params, query, headers, body, idempotencyKey, ...asker }
      const answer = await endpoint.handle(input, call, caller.identity)
      reply.code(endpoint.status)
      if (answer.headers) reply.headers(answer.headers)
      if (endpoint.mediaType !== undefined) void reply.type(endpoint.mediaType)
      if (answer.isReplay) void reply.header('idempotent-replayed', 'true')
      if ('body' in answer) return answer.body
      void reply.type('application/json; charset=utf-8')
      return answer.json
    },
  }
}

type Tokens = Pick<RouteLimits, 'cartTokens' | 'orderTokens' | 'staffSecondFactor'>

function refusalOf(endpoint: Endpoint, request: FastifyRequest, tokens: Tokens): Refusal | undefined {
  const { access } = endpoint
  try {
    if (access === 'shopper') knowShopper(request, tokens.cartTokens)
    if (access === 'buyer') knowBuyer(request, tokens.orderTokens)
  } catch (err) {
    return err as Refusal // only refusals are thrown
  }
  return refusalToCall(endpoint, request.caller, tokens.staffSecondFactor === 'required')
}

const cartLimit =
  (limit: LimitNewCarts): preHandlerHookHandler =>
  (request, reply, done) => {
    limit(request, reply)
    done()
  }

/** What browsers call themselves is shorter. */
const clientLength = 300

const askerOf = (request: FastifyRequest): Asker => ({
  origin: `${request.protocol}://${request.host}`,
  address: addressOf(request),
  client: (request.headers['user-agent'] ?? '').replace(/[^ -~]/g, '').slice(0, clientLength),
})

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
    security: securityOf[access],
    ...(params ? { params } : {}),
    ...(query ? { querystring: query } : {}),
    ...(headers ? { headers } : {}),
    ...(body ? { body } : {}),
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

function headersOf({ headers, takesIdempotencyKey }: Endpoint): TSchema | undefined {
  if (!takesIdempotencyKey) return headers
  // A schema of headers is always an object.
  const own = (headers as TObject | undefined)?.properties ?? {}
  return Type.Object({ ...IdempotencyKeyHeader.properties, ...own })
}
