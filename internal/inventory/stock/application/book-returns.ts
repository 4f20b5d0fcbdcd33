import { requireSystem, type Call } from '../../../platform/call.ts'
import { requireBatch } from './batch.ts'
import type { Reservations, ReturnedGoods } from './reservations.ts'

type Deps = { readonly reservations: Reservations; readonly now: () => Date }

export function bookReturns({ reservations, now }: Deps) {
  return async (returns: readonly ReturnedGoods[], call: Call): Promise<void> => {
    requireSystem(call)
    requireBatch(returns.length)
    if (returns.length > 0) await reservations.bookReturns(returns, now())
  }
}
