import { Type, type Static } from 'typebox'
import type { AnalyticsService } from '../../gen/analytics/v1/analytics_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { refTo } from '../schemas.ts'
import { AnalyticsQuery, Figures, figuresBody, figuresCsv } from './analytics-schemas.ts'

export type AnalyticsDeps = {
  readonly analytics: Pick<Handlers<typeof AnalyticsService>, 'readFigures'>
  readonly currency: string
}

const csv = 'text/csv'

const AcceptHeader = Type.Object({
  accept: Type.Optional(Type.String({ description: `${csv}: the data as a table` })),
})

/** How the shop goes. */
export function analyticsRoutes({ analytics, currency: usual }: AnalyticsDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/analytics',
      access: 'staff',
      permission: 'analytics:read',
      tag: 'admin',
      id: 'readAnalytics',
      summary: 'Show a figure of the shop over time, by product or by category, as JSON or CSV',
      query: AnalyticsQuery,
      headers: AcceptHeader,
      status: 200,
      response: Type.Unsafe<Static<typeof Figures> | string>(refTo(Figures)),
      async handle({ query, headers }, call) {
        const { metric, by = 'day', from = '', to = '', currency = usual, limit = 0, format } = query
        const found = await analytics.readFigures({ metric, by, from, to, currency, limit }, call)
        const body = figuresBody({ metric, by, currency }, found)
        const isCsv = format === undefined ? (headers.accept?.includes(csv) ?? false) : format === 'csv'
        if (!isCsv) return { body }
        const name = `${metric}-by-${by}.csv`
        return {
          body: figuresCsv(body),
          headers: {
            'content-type': `${csv}; charset=utf-8`,
            'content-disposition': `attachment; filename="${name}"`,
          },
        }
      },
    }),
  ]
}
