import { queryOptions } from '@tanstack/react-query'
import { api } from '../../shared/api.ts'

/** Where one may log in besides the shop. */
export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: async ({ signal }) => (await api().listIdentityProviders({ signal })).data.data,
  staleTime: 60_000,
})
