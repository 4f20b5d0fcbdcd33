import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Order, Shipment } from 'tillstream-sdk'
import { follow } from '../../../shared/follow.ts'
import { isShort } from '../../parts/paged-table.tsx'
import { api } from '../../session.ts'

/** What the events bring at once is asked for now and then as well, should they be away. */
const slowlyMs = 20_000

const endsSoonMs = 3_600_000

/** A hold that ends before then is about to end. The minute is whole, so that a list of them has the same name for a while. */
export const soon = (): string =>
  new Date(Math.ceil((Date.now() + endsSoonMs) / 60_000) * 60_000).toISOString()

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id],
    queryFn: async ({ signal }) => (await api().getOrder({ path: { id }, signal })).data,
    refetchInterval: slowlyMs,
  })

export const paymentsQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'payments'],
    queryFn: async ({ signal }) => (await api().listOrderPayments({ path: { id }, signal })).data.data,
    refetchInterval: slowlyMs,
  })

export const trackingQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'tracking'],
    queryFn: async ({ signal }) => (await api().trackOrder({ path: { id }, signal })).data,
  })

export const returnsQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'returns'],
    queryFn: async ({ signal }) => (await api().listReturns({ path: { id }, signal })).data.data,
  })

export const receiptsQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'receipts'],
    queryFn: async ({ signal }) => (await api().listOrderReceipts({ path: { id }, signal })).data.data,
  })

export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'timeline'],
    queryFn: async ({ signal }) => (await api().getOrderTimeline({ path: { id }, signal })).data,
    refetchInterval: slowlyMs,
  })

/** Receipts and the timeline follow an event after a moment. */
const settledMs = 1_500

const atMostEachMs = 2_000

/** Asks for the lists and counts of orders again when one has changed, but for lists that the reader has made long. */
export function useLiveOrders(mayRead = true): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (!mayRead) return undefined
    const ending = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = (): void => {
      timer = undefined
      void queries.invalidateQueries({ queryKey: ['orders'], predicate: isShort })
      void queries.invalidateQueries({ queryKey: ['need'] })
    }
    const onSseEvent = (): void => void (timer ??= setTimeout(ask, atMostEachMs))
    const options = { sseMaxRetryAttempts: 1, onSseEvent }
    void follow((signal) => api().streamOrderChanges({ ...options, signal }), ending.signal)
    return () => {
      ending.abort()
      clearTimeout(timer)
    }
  }, [queries, mayRead])
}

/** Asks for all of an order again whenever something has happened to it. */
export function useLiveOrder(id: string): void {
  const queries = useQueryClient()
  useEffect(() => {
    const ending = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = (): void => void queries.invalidateQueries({ queryKey: ['order', id] })
    const onSseEvent = (): void => {
      ask()
      clearTimeout(timer)
      timer = setTimeout(ask, settledMs)
    }
    const options = { path: { id }, sseMaxRetryAttempts: 1, onSseEvent }
    void follow((signal) => api().streamOrder({ ...options, signal }), ending.signal)
    return () => {
      ending.abort()
      clearTimeout(timer)
    }
  }, [id, queries])
}

export type Line = Order['items'][number]

/** Units of each line that are neither on their way, nor packed, nor given up. */
export function unsent({ items }: Order, shipments: readonly Shipment[]): ReadonlyMap<string, number> {
  const packed = shipments.filter(({ status }) => status === 'packed').flatMap(({ lines }) => lines)
  return new Map(
    items.map(({ lineId, quantity, shipped = 0, canceled = 0 }) => {
      const waiting = packed
        .filter((line) => line.lineId === lineId)
        .reduce((sum, line) => sum + line.quantity, 0)
      return [lineId, quantity - shipped - canceled - waiting]
    }),
  )
}

/** How many units of a line can still come back. */
export const returnable = ({ shipped = 0, returned = 0 }: Line): number => shipped - returned
