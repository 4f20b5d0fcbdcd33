import { Type } from 'typebox'
import type { Health } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { readServices } from '../metrics.ts'
import type { Readiness } from '../readiness.ts'

export type SystemDeps = {
  readonly health: Readonly<Record<string, Health>>
  readonly readiness: Readiness
}

const System = Type.Object({
  ready: Type.Boolean(),
  checks: Type.Array(
    Type.Object({
      name: Type.String(),
      ready: Type.Boolean(),
      detail: Type.String({ description: 'What is wrong, or off' }),
    }),
  ),
  gauges: Type.Array(
    Type.Object({
      service: Type.String(),
      name: Type.String({ description: 'As in /metrics; it ends with the unit' }),
      help: Type.String(),
      labels: Type.Record(Type.String(), Type.String()),
      value: Type.Number(),
    }),
    { description: 'What the services count: outboxes, streams, lags, dead letters and orders' },
  ),
})

/** For staff what /readyz and /metrics are for the programs of operators. */
export function systemRoutes({ health, readiness }: SystemDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/system',
      access: 'staff',
      permission: 'operations:read',
      tag: 'admin',
      id: 'readSystem',
      summary: 'Show what is ready, and what the services count',
      status: 200,
      response: System,
      async handle(_input, { correlationId: requestId }) {
        const [{ ready, checks }, services] = await Promise.all([
          readiness.readShared(requestId),
          readServices(health, requestId),
        ])
        const gauges = services.flatMap(({ service, gauges: own = [] }) =>
          own.map(({ name, help, labels, value }) => ({
            ...{ service, name, help, value: Number(value) },
            labels: Object.fromEntries(labels.map((label) => [label.name, label.value])),
          })),
        )
        return { body: { ready, checks: [...checks], gauges } }
      },
    }),
  ]
}
