import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { systemCall } from '../platform/call.ts'
import type { Health } from '../platform/service.ts'
import { within } from './within.ts'

export type Metrics = { readonly registry: Registry; readonly contentType: string }

/** In seconds, from the duration of a cached look-up to that at which a client gives up. */
const durationBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** A scrape times out after ten seconds by default. A service that is away must not use them up. */
export const scrapeTimeoutMs = 1_000

/** Counts requests by route and not by path, because paths contain ids. */
export function measureRequests(app: FastifyInstance): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of HTTP requests',
    labelNames: ['method', 'route', 'status'],
    buckets: durationBuckets,
    registers: [registry],
  })
  app.addHook('onResponse', (request, reply, done) => {
    // How long somebody has read a stream says nothing of how fast answers are.
    if (String(reply.getHeader('content-type')).startsWith('text/event-stream')) {
      done()
      return
    }
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown')
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000)
    done()
  })
  return { registry, contentType: registry.contentType }
}

type Reading = Awaited<ReturnType<Health['readGauges']>>['gauges'][number]

/** What each service says of itself; undefined: it does not answer. */
export async function readServices(
  health: Readonly<Record<string, Health>>,
  requestId: string,
): Promise<readonly { readonly service: string; readonly gauges: readonly Reading[] | undefined }[]> {
  const asked = Object.entries(health).map(async ([service, { readGauges }]) => {
    const reading = within(scrapeTimeoutMs, readGauges({}, systemCall(requestId)))
    return {
      service,
      gauges: await reading.then(
        ({ gauges }) => gauges,
        () => undefined,
      ),
    }
  })
  return Promise.all(asked)
}

/** Asks every service for its gauges at each scrape. A service that does not answer is shown as down. */
export async function serviceGauges(
  health: Readonly<Record<string, Health>>,
  requestId: string,
): Promise<string> {
  const registry = new Registry()
  const up = new Gauge({
    name: 'tillstream_service_up',
    help: '1 when the service answers',
    labelNames: ['service'],
    registers: [registry],
  })
  for (const { service, gauges } of await readServices(health, requestId)) {
    for (const gauge of gauges ?? []) setGauge(registry, gauge)
    up.set({ service }, gauges === undefined ? 0 : 1)
  }
  return registry.metrics()
}

function setGauge(registry: Registry, { name, help, labels, value }: Reading): void {
  const known = registry.getSingleMetric(name)
  const gauge =
    known instanceof Gauge
      ? known
      : new Gauge({ name, help, labelNames: labels.map((label) => label.name), registers: [registry] })
  gauge.set(Object.fromEntries(labels.map((label) => [label.name, label.value])), Number(value))
}
