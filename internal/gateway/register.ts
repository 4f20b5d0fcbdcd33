import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import { refusalToCall } from './caller.ts'
import type { Endpoint } from './endpoint.ts'
import { accountRate } from './account-rates.ts'
import { credentialRate } from './rates.ts'
import type { SharedAnswers } from './shared-answers.ts'
import { isShared, sharedRoute } from './shared-route.ts'
import { Problem, rateHeaders, refTo } from './schemas.ts'
import { Order } from './routes/order-schemas.ts'
import { Product, StockLevel } from './routes/product-schemas.ts'
import { DeadLetter } from './routes/admin-schemas.ts'
import { User } from './routes/user-schemas.ts'

export type CredentialLimits = {
  readonly loginLimitPerMinute: number
  readonly loginFailuresPerMinute: number
}

/** Makes routes of the table. */
export function addEndpoints(
  app: FastifyInstance,
  endpoints: readonly Endpoint[],
  limits: CredentialLimits,
  answers: SharedAnswers,
): void {
  for (const schema of [Problem, User, Product, StockLevel, Order, DeadLetter]) app.addSchema(schema)
  const credential = {
    config: { rateLimit: credentialRate(limits.loginLimitPerMinute) },
    ...accountRate(limits.loginFailuresPerMinute),
  }
  for (const endpoint of endpoints)
    addEndpoint(app, endpoint, endpoint.isCredential ? credential : {}, answers)
}

function addEndpoint(
  app: FastifyInstance,
  endpoint: Endpoint,
  limits: Partial<RouteOptions>,
  answers: SharedAnswers,
): void {
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    schema: schemaOf(endpoint),
    ...limits,
    ...(endpoint.isBodyOptional ? { preValidation: missingBodyIsEmpty } : {}),
    ...(isShared(endpoint) ? sharedRoute(endpoint, answers) : ownRoute(endpoint)),
  })
}

/** Each caller gets an answer of his own. */
function ownRoute(endpoint: Endpoint): Pick<RouteOptions, 'preParsing' | 'handler'> {
  return {
    // Before the body is read: who may not call has nothing to send.
    preParsing(request, _reply, payload, done) {
      done(refusalToCall(endpoint.access, request.caller), payload)
    },
    async handler(request, reply) {
      const { params, query, headers, body, caller } = request
      const answer = await endpoint.handle({ params, query, headers, body }, caller.call, caller.identity)
      reply.code(endpoint.status)
      if (answer.headers) reply.headers(answer.headers)
      return answer.body
    },
  }
}

function missingBodyIsEmpty(request: { body: unknown }, _reply: unknown, done: () => void): void {
  request.body ??= {}
  done()
}

function schemaOf(endpoint: Endpoint): FastifySchema {
  const { id, summary, tag, access, params, query, headers, body, status, response } = endpoint
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
