import { requireSystem, traceOf, type Call } from '../../platform/call.ts'
import type { OrderId } from '../domain/ids.ts'
import { requireBatch } from './batch.ts'
import type { Reservations } from './reservations.ts'

type Deps = { readonly reservations: Reservations; readonly now: () => Date }

export function releaseStock({ reservations, now }: Deps) {
  return async (orderIds: readonly OrderId[], call: Call): Promise<void> => {
    requireSystem(call)
    requireBatch(orderIds.length)
    if (orderIds.length > 0) await reservations.release(orderIds, now(), traceOf(call))
  }
}
