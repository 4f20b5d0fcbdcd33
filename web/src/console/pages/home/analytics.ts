import { queryOptions } from '@tanstack/react-query'
import { ShopError } from 'tillstream-sdk'
import { api, session } from '../../session.ts'

export type Series = {
  readonly metric: string
  readonly data: readonly { readonly key: string; readonly value: number }[]
  readonly total: number
}

/** The last thirty days, day by day; null where this Tillstream has no analytics. */
export const seriesQuery = (metric: string) =>
  queryOptions({
    queryKey: ['analytics', metric],
    queryFn: async ({ signal }): Promise<Series | null> => {
      await api().validateToken({ signal }) // refreshes a token that has expired
      const response = await fetch(`/admin/analytics?metric=${metric}&by=day`, {
        headers: { authorization: `Bearer ${session.get()?.accessToken ?? ''}` },
        signal,
      })
      if (response.status === 404 || response.status === 403) return null
      const body: unknown = await response.json()
      if (!response.ok) throw new ShopError(response.status, body as ShopError['problem']) // a problem of the API
      return body as Series // its schema says so
    },
    staleTime: 60_000,
    refetchInterval: ({ state }) => (state.data ? 60_000 : false),
  })
