import { requireSystem, type Call } from '../../platform/call.ts'
import type { OrderId } from '../domain/ids.ts'
import { release } from '../domain/reservation.ts'
import { requireBatch } from './reserve-stock.ts'
import type { Reservations } from './reservations.ts'

type Deps = { readonly reservations: Reservations; readonly now: () => Date }

export function releaseStock({ reservations, now }: Deps) {
  return async (orderIds: readonly OrderId[], call: Call): Promise<void> => {
    requireSystem(call)
    requireBatch(orderIds.length)
    if (orderIds.length > 0) await reservations.release([...new Set(orderIds)], release, now(), call)
  }
}
