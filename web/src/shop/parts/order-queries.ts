import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Order, Payment } from 'tillstream-sdk'
import { api, orderHeaders } from '../../shared/api.ts'
import { follow } from '../../shared/follow.ts'
import { cartKey } from './cart-state.ts'

/** What the events bring at once is asked for now and then as well, should they be away. */
const slowlyMs = 15_000
const soonMs = 1_500

/** While a payment is in one of these states, somebody else is at work. */
const isUnderWay = ({ status }: Payment): boolean => ['created', 'processing', 'unknown'].includes(status)
export const isOpen = (payment: Payment): boolean =>
  isUnderWay(payment) || payment.status === 'action_required'

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id],
    queryFn: async ({ signal }) =>
      (await api().getOrder({ path: { id }, headers: orderHeaders(id), signal })).data,
    refetchInterval: slowlyMs,
  })

/** The newest attempt to pay. One that is open is read from the provider, who may know more. */
export const paymentQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'payment'],
    queryFn: async ({ signal }): Promise<Payment | null> => {
      const options = { headers: orderHeaders(id), signal }
      const { data } = (await api().listOrderPayments({ path: { id }, ...options })).data
      const newest = [...data].sort((one, other) => other.createdAt.localeCompare(one.createdAt))[0]
      if (!newest || !isOpen(newest)) return newest ?? null
      return (await api().getPayment({ path: { id: newest.id }, ...options })).data
    },
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? soonMs : slowlyMs),
  })

export const trackingQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'tracking'],
    queryFn: async ({ signal }) =>
      (await api().trackOrder({ path: { id }, headers: orderHeaders(id), signal })).data,
  })

export const receiptsQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'receipts'],
    queryFn: async ({ signal }) =>
      (await api().listOrderReceipts({ path: { id }, headers: orderHeaders(id), signal })).data.data,
    // A receipt follows the money after a moment.
    refetchInterval: ({ state }) => (state.data?.length === 0 ? 2 * soonMs : false),
  })

export const returnsQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'returns'],
    queryFn: async ({ signal }) =>
      (await api().listReturns({ path: { id }, headers: orderHeaders(id), signal })).data.data,
  })

/** Asks for all of an order again whenever something has happened to it. */
function useLiveOrder(id: string): void {
  const queries = useQueryClient()
  useEffect(() => {
    const ending = new AbortController()
    const onSseEvent = (): void => {
      void queries.invalidateQueries({ queryKey: ['order', id] })
      void queries.invalidateQueries({ queryKey: cartKey }) // its cart is over, or comes back
    }
    const options = { path: { id }, headers: orderHeaders(id), sseMaxRetryAttempts: 1, onSseEvent }
    void follow((signal) => api().streamOrder({ ...options, signal }), ending.signal)
    return () => ending.abort()
  }, [id, queries])
}

export function useOrder(id: string) {
  useLiveOrder(id)
  const order = useQuery(orderQuery(id))
  const payment = useQuery({ ...paymentQuery(id), enabled: order.isSuccess })
  return { order, payment: payment.data ?? undefined }
}

/** How many units of a line can still come back. */
export const returnable = ({ shipped = 0, returned = 0 }: Order['items'][number]): number =>
  shipped - returned
