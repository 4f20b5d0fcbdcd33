import { queryOptions } from '@tanstack/react-query'
import type { ReadAnalyticsData, ReadAnalyticsResponse } from 'tillstream-sdk'
import { money, number, percent } from '../../../shared/formats.ts'
import { api } from '../../session.ts'

export type Series = ReadAnalyticsResponse

/** Amounts have a currency, counts have none, and conversion is a share. */
export function figure({ metric, currency }: Series, value: number): string {
  if (metric === 'conversion') return percent(value * 100)
  return currency === undefined ? number(value) : money(value, currency)
}

/** The last thirty days, day by day. */
export const seriesQuery = (metric: ReadAnalyticsData['query']['metric']) =>
  queryOptions({
    queryKey: ['analytics', metric],
    queryFn: async ({ signal }) => (await api().readAnalytics({ query: { metric, by: 'day' }, signal })).data,
    refetchInterval: 60_000,
  })

const mostShown = 8

/** What sold best in the last thirty days. */
export const bestQuery = queryOptions({
  queryKey: ['analytics', 'best sellers'],
  queryFn: async ({ signal }) => {
    const query = { metric: 'sales', by: 'product', limit: mostShown } as const
    return (await api().readAnalytics({ query, signal })).data
  },
  refetchInterval: 60_000,
})
