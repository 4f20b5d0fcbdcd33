import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { systemCall } from '../platform/call.ts'
import type { Nats } from '../platform/nats.ts'
import type { Health } from '../platform/service.ts'
import { serviceGauges, type Metrics } from './metrics.ts'
import { within } from './within.ts'

type Deps = {
  readonly health: Readonly<Record<string, Health>>
  readonly nats: Nats | undefined
  readonly metrics: Metrics
}

/** Shorter than the timeout of common probes. */
const readinessTimeoutMs = 1_000

const Readiness = Type.Object({
  ready: Type.Boolean(),
  checks: Type.Array(Type.Object({ name: Type.String(), ready: Type.Boolean(), detail: Type.String() })),
})

type Checks = Static<typeof Readiness>['checks']

/** Routes for operators and not for clients: they have no limits and are left out of generated clients. */
export function addOperations(app: FastifyInstance, { health, nats, metrics }: Deps): void {
  const options = (id: string, summary: string, response: object) => ({
    config: { rateLimit: false as const },
    schema: { operationId: id, summary, tags: ['operations'], security: [], response },
  })
  const alive = { 200: { description: 'Alive', ...Type.Object({ alive: Type.Boolean() }) } }
  app.get('/livez', options('isAlive', 'Tell whether the process answers', alive), () => ({ alive: true }))

  const readiness = {
    200: { description: 'Ready', ...Readiness },
    503: { description: 'Not ready', ...Readiness },
  }
  const isReady = options('isReady', 'Tell whether all services and NATS are ready', readiness)
  app.get('/readyz', isReady, async (request, reply) => {
    const asked = Object.entries(health).map(([name, one]) => askOne(name, one, request.id))
    const checks = [...(await Promise.all(asked)).flat(), ...natsChecks(nats)]
    const ready = checks.every((check) => check.ready)
    return reply
      .code(ready ? 200 : 503)
      .headers(ready ? {} : { 'retry-after': '1' })
      .send({ ready, checks })
  })

  const text = {
    200: {
      description: 'The metrics in the format of Prometheus',
      content: { 'text/plain': { schema: Type.String() } },
    },
  }
  app.get(
    '/metrics',
    options('readMetrics', 'Show the metrics for Prometheus', text),
    async (request, reply) => {
      const gauges = await serviceGauges(health, request.id)
      void reply.type(metrics.contentType)
      return `${await metrics.registry.metrics()}\n${gauges}`
    },
  )
}

async function askOne(service: string, { checkReadiness }: Health, requestId: string): Promise<Checks> {
  try {
    const { checks } = await within(readinessTimeoutMs, checkReadiness({}, systemCall(requestId)))
    return [...checks]
  } catch {
    return [{ name: service, ready: false, detail: 'the service does not answer' }]
  }
}

function natsChecks(nats: Nats | undefined): Checks {
  if (!nats) return []
  const ready = nats.isConnected()
  return [{ name: 'nats', ready, detail: ready ? '' : 'not connected' }]
}
