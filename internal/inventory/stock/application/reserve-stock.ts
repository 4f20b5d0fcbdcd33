import { requireSystem, type Call } from '../../../platform/call.ts'
import { allocate, type StockDecision } from '../domain/allocate.ts'
import { requireBatch } from './batch.ts'
import type { Reservations, TracedRequest } from './reservations.ts'

type Deps = { readonly reservations: Reservations; readonly now: () => Date }

export function reserveStock({ reservations, now }: Deps) {
  return async (requests: readonly TracedRequest[], call: Call): Promise<readonly StockDecision[]> => {
    requireSystem(call)
    requireBatch(requests.length)
    return requests.length === 0 ? [] : reservations.reserve(requests, allocate, now())
  }
}
