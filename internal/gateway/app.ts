import { createHmac } from 'node:crypto'
import jwt, { type JWT } from '@fastify/jwt'
import type { FastifyInstance } from 'fastify'
import type { AnalyticsService } from '../gen/analytics/v1/analytics_pb.ts'
import type { CartService } from '../gen/cart/v1/cart_pb.ts'
import type { ConsumerService } from '../gen/consumer/v1/consumer_pb.ts'
import type { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import type { NotificationService } from '../gen/notification/v1/notification_pb.ts'
import type { OrderService } from '../gen/order/v1/order_pb.ts'
import type { PaymentService } from '../gen/payment/v1/payment_pb.ts'
import type { PricingService } from '../gen/pricing/v1/pricing_pb.ts'
import type { SearchService } from '../gen/search/v1/search_pb.ts'
import type { UserService } from '../gen/user/v1/user_pb.ts'
import { tokenSecrets } from '../platform/common-settings.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import type { FileStore } from '../platform/files/file-store.ts'
import type { Handlers, Health } from '../platform/service.ts'
import { accountsByLogin } from './account-of.ts'
import { apiKeysOf } from '../platform/callers/api-keys.ts'
import { indexChanges } from './index-changes.ts'
import { identifyCallers } from './caller.ts'
import { noticeChanges, noticeSettledOrders } from './catalogue-changes.ts'
import { cartTokens, orderTokens } from './guest-tokens.ts'
import { signedCursors } from './cursor.ts'
import { decisionFeed } from './decisions.ts'
import { describeApi } from './docs.ts'
import { endpoints } from './endpoints.ts'
import { answerErrors } from './errors.ts'
import { readForwardedPorts } from './forwarded.ts'
import { acceptJsonOnly } from './json-body.ts'
import { admissionLimits } from './limits.ts'
import { measureRequests } from './metrics.ts'
import { answerUnknownRoutes } from './not-found.ts'
import { addOperations, operatorByToken, type Operations } from './operations.ts'
import { openReadiness } from './readiness.ts'
import { openAdmission, type AdmissionLimits } from './overload/admission.ts'
import type { ConnectionLimits } from './overload/connections.ts'
import { measureAdmission } from './overload/measure-admission.ts'
import { openEventStreams } from './streams/open-event-streams.ts'
import type { StreamTimes } from './streams/open-streams.ts'
import type { StreamLimits } from './streams/stream-places.ts'
import type { DrawPresets } from './images/preset-drawer.ts'
import { limitWork } from './overload/limit-work.ts'
import { trafficOf } from './overload/traffic.ts'
import { mergeGuestCart } from './merge-guest-cart.ts'
import { limitRates } from './rates.ts'
import type { Together } from './together/open-together.ts'
import { refreshTokens } from './refresh-tokens.ts'
import { openCatalogue } from './open-catalogue.ts'
import { servePages } from './pages/serve-pages.ts'
import { knowEndings } from './know-endings.ts'
import { addEndpoints } from './register.ts'
import { shareWithOrigins } from './share-with-origins.ts'
import { secureAnswers } from './security-headers.ts'
import { createServer, refuseMalformedQueries, refuseUnfitHeads, refuseWhileClosing } from './server.ts'
import { issueToken } from './issue-token.ts'
import { openVisits } from './visits/open-visits.ts'
import { keyId, tokenReader, type Verifier, type Verifiers } from '../platform/callers/tokens.ts'
import { validatorCompiler } from './validation.ts'

export type AppOptions = {
  readonly log: Log
  readonly jwtSecret: string
  /** Its predecessor, which is still accepted; empty: there is none. */
  readonly jwtSecretPrevious: string
  readonly accessTokenSeconds: number
  /** The currency of the amounts in requests, as its ISO 4217 code. */
  readonly currency: string
  /** Requests of one user, or of one address for those who are not logged in. */
  readonly rateLimitPerMinute: number
  readonly staffSecondFactor: 'optional' | 'required'
  /** Requests of one API key. */
  readonly apiKeyRequestsPerMinute: number
  /** Logins and registrations of one address. */
  readonly loginLimitPerMinute: number
  /** Failed logins, and registrations under taken names, at one account from one address. */
  readonly loginFailuresPerMinute: number
  /** Guests' carts that one address can make. */
  readonly guestCartsPerMinute: number
  /** The origins whose pages may call. When there is none, pages of other origins may not. */
  readonly corsOrigins: readonly string[]
  readonly returnOrigins: readonly string[]
  readonly users: Handlers<typeof UserService>
  readonly inventory: Handlers<typeof InventoryService>
  readonly search: Handlers<typeof SearchService>
  readonly carts: Handlers<typeof CartService>
  readonly orders: Handlers<typeof OrderService>
  readonly payments: Handlers<typeof PaymentService>
  readonly pricing: Handlers<typeof PricingService>
  readonly notifications: Handlers<typeof NotificationService>
  readonly consumer: Handlers<typeof ConsumerService>
  readonly analytics: Handlers<typeof AnalyticsService>
  /** How many requests are worked on at once. The default is meant for one process. */
  readonly admission?: AdmissionLimits
  /** Whether queries of GraphQL may ask for the schema. */
  readonly introspects: boolean
  /** Where the files of images are; undefined: nowhere. */
  readonly imageFiles: FileStore | undefined
  readonly drawPresets: DrawPresets
  /** Where the built pages of web/ are; empty: nowhere. */
  readonly webDir: string
  readonly connections: ConnectionLimits
  /** How many streams of events may be open. */
  readonly streams: StreamLimits
  readonly streamTimes?: Partial<StreamTimes>
  /** The addresses and networks of the proxies whose X-Forwarded-For is trusted. */
  readonly trustProxy: readonly string[]
  /** The health contract of each service, by the service's name. */
  readonly health: Readonly<Record<string, Health>>
  /** The token with which operators may ask the public listener; empty: they may not. */
  readonly operationsToken: string
  /** Without NATS, waiting for a decision reads the order again and again instead of listening to events. */
  readonly nats: Nats | undefined
  /** How it counts, and what it tells other gateways. */
  readonly together: Together
}

export type App = {
  readonly app: FastifyInstance
  /** What the listener for operators shows. */
  readonly operations: Operations
}

export async function createApp(options: AppOptions): Promise<App> {
  const { log, jwtSecret, together, webDir } = options
  const secrets = tokenSecrets(options)
  const admission = openAdmission(options.admission ?? admissionLimits)
  const decisions = decisionFeed(options.nats, log)
  const { answers, feed, changedHere } = openCatalogue(options)
  const { ended, users } = knowEndings(options)
  const services = limitWork(admission, { ...servicesOf(options), users })
  const visits = openVisits(options)
  const [tokens, ofOrders] = [cartTokens(secrets), orderTokens(secrets)]
  const streams = openEventStreams({ ...options, ...services, ended, limits: options.streams })
  const readiness = openReadiness(options.health, options.nats)
  const table = endpoints({
    ...options,
    ...services,
    ...{ streams, answers, readiness },
    inventory: indexChanges(noticeChanges(services.inventory, changedHere), services.search, log),
    orders: noticeSettledOrders(services.orders, answers.changed),
    decisions,
    cartTokens: tokens,
    orderTokens: ofOrders,
    mergeCart: mergeGuestCart({ carts: services.carts, cartTokens: tokens, log }),
    cursors: signedCursors(jwtSecret),
    digest: (text) => createHmac('sha256', jwtSecret).update(text).digest('base64url'),
    refreshTokens: refreshTokens(secrets),
    issueToken: (user, session) => issueToken(app.jwt, user, session, options.accessTokenSeconds),
  })
  const app = createServer({ ...options, admission, trafficOf: trafficOf(table) })
  if (options.trustProxy.length > 0) readForwardedPorts(app)
  app.addHook('onClose', async () => admission.stop())
  app.addHook('onClose', () => visits.stop())
  app.addHook('preClose', async () => [decisions, feed, streams].forEach(({ stop }) => stop()))
  const accepted = await signWith(app, secrets)
  identifyCallers(app, { readToken: tokenReader(accepted), keys: apiKeysOf(users), ended })
  refuseWhileClosing(app)
  const metrics = measureRequests(app)
  measureAdmission(metrics.registry, admission)
  streams.measure(metrics.registry)
  const securityHeaders = await secureAnswers(app)
  await shareWithOrigins(app, options.corsOrigins)
  await limitRates(app, options, together.rates)
  refuseUnfitHeads(app)
  refuseMalformedQueries(app)
  acceptJsonOnly(app)
  app.setValidatorCompiler(validatorCompiler)
  answerErrors(app, log)
  answerUnknownRoutes(app)
  await describeApi(app, securityHeaders)
  servePages(app, webDir, securityHeaders)
  const accountOf = accountsByLogin(services.users)
  const limits = { ...options, visits, cartTokens: tokens, orderTokens: ofOrders, accountOf }
  addEndpoints(app, table, limits, answers)
  const operations = { health: options.health, metrics, readiness }
  addOperations(app, operations, operatorByToken(options.operationsToken))
  await app.ready()
  return { app, operations }
}

function servicesOf({ inventory, search, pricing, carts, orders, ...more }: AppOptions) {
  const { payments, notifications, consumer, analytics } = more
  return { inventory, search, pricing, carts, orders, payments, notifications, consumer, analytics }
}

/** Signs with the first secret, and verifies what any of them has signed. Returns the verifiers by their key ids. */
async function signWith(app: FastifyInstance, secrets: readonly string[]): Promise<Verifiers> {
  const verifiers = new Map<string, Verifier>()
  for (const [index, secret] of secrets.entries()) {
    const kid = keyId(secret)
    const namespace = index === 0 ? {} : { namespace: `previous${index}` }
    await app.register(jwt, {
      ...{ secret, ...namespace },
      sign: { algorithm: 'HS256', kid },
      verify: { algorithms: ['HS256'] },
    })
    const named = app.jwt as JWT & Readonly<Record<string, Pick<JWT, 'verify'>>>
    verifiers.set(kid, index === 0 ? app.jwt : (named[`previous${index}`] ?? app.jwt))
  }
  return verifiers
}
