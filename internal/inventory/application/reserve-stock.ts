import { requireSystem, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { allocate } from '../domain/allocate.ts'
import type { CausedRequest, Reservations, StockDecision } from './reservations.ts'

/** Orders in one transaction: its locks are held for some tens of milliseconds at most. */
export const maxBatch = 1_000

type Deps = { readonly reservations: Reservations; readonly now: () => Date }

export function reserveStock({ reservations, now }: Deps) {
  return async (requests: readonly CausedRequest[], call: Call): Promise<readonly StockDecision[]> => {
    requireSystem(call)
    requireBatch(requests.length)
    if (requests.length === 0) return []
    return reservations.reserve(requests, allocate, now(), call)
  }
}

export function requireBatch(size: number): void {
  if (size > maxBatch)
    throw new Refusal('invalid', 'stock.batch-too-large', `a batch has at most ${maxBatch} orders`)
}
