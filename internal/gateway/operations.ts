import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Refusal } from '../platform/refusal.ts'
import { serviceGauges, type Metrics } from './metrics.ts'
import type { Readiness } from './readiness.ts'
import type { Health } from '../platform/service.ts'

export type Operations = {
  readonly health: Readonly<Record<string, Health>>
  readonly readiness: Readiness
  readonly metrics: Metrics
}

/** Whether a request may see what is for operators. */
export type IsOperator = (request: FastifyRequest) => boolean

const ReadinessBody = Type.Object({
  ready: Type.Boolean(),
  checks: Type.Optional(
    Type.Array(Type.Object({ name: Type.String(), ready: Type.Boolean(), detail: Type.String() })),
  ),
})

/** The listener for operators does not have the gateway's shared schemas. */
const Refused = Type.Object(
  { status: Type.Integer(), code: Type.String(), detail: Type.String() },
  { additionalProperties: true },
)

/** Routes for operators and not for clients: they have no limits and are left out of generated clients. */
export function addOperations(app: FastifyInstance, operations: Operations, isOperator: IsOperator): void {
  const { health, readiness, metrics } = operations
  const alive = { 200: { description: 'Alive', ...Type.Object({ alive: Type.Boolean() }) } }
  app.get('/livez', options('isAlive', 'Tell whether the process answers', alive), () => ({ alive: true }))

  const isReady = options('isReady', 'Tell whether all is ready, and operators what is not', {
    200: { description: 'Ready', ...ReadinessBody },
    503: { description: 'Not ready', ...ReadinessBody },
  })
  app.get('/readyz', isReady, async (request, reply) => {
    const isFull = isOperator(request)
    const { ready, checks } = await (isFull ? readiness.read(request.id) : readiness.readShared(request.id))
    return reply
      .code(ready ? 200 : 503)
      .headers({ 'cache-control': 'no-store', ...(ready ? {} : { 'retry-after': '1' }) })
      .send(isFull ? { ready, checks } : { ready })
  })

  const text = {
    200: {
      description: 'The metrics in the format of Prometheus',
      content: { 'text/plain': { schema: Type.String() } },
    },
    401: {
      description: 'The caller is no operator',
      content: { 'application/problem+json': { schema: Refused } },
    },
  }
  const readMetrics = options('readMetrics', 'Show operators the metrics for Prometheus', text)
  app.get('/metrics', readMetrics, async (request, reply) => {
    if (!isOperator(request)) throw forOperators()
    const gauges = await serviceGauges(health, request.id)
    void reply.header('cache-control', 'no-store').type(metrics.contentType)
    return `${await metrics.registry.metrics()}\n${gauges}`
  })
}

const options = (id: string, summary: string, response: object) => ({
  config: { rateLimit: false as const },
  schema: { operationId: id, summary, tags: ['operations'], security: [], response },
})

const forOperators = (): Refusal =>
  new Refusal(
    'unauthenticated',
    'auth.operators-only',
    'this is for operators: ask the listener of OPERATIONS_PORT, or bring the token of OPERATIONS_TOKEN',
  )

/** Whoever brings the token is an operator; without a token nobody is. */
export function operatorByToken(token: string): IsOperator {
  if (token === '') return () => false
  const expected = digest(`Bearer ${token}`)
  // Digests have one length, so that the comparison takes the same time for every text.
  return ({ headers: { authorization = '' } }) => timingSafeEqual(digest(authorization), expected)
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
