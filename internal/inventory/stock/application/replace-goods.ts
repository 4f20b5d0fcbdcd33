import { requireSystem, type Call } from '../../../platform/call.ts'
import { allocate } from '../domain/allocate.ts'
import type { Replacement, ReplacementDecision, Reservations } from './reservations.ts'

type Deps = { readonly reservations: Reservations; readonly now: () => Date }

export function replaceGoods({ reservations, now }: Deps) {
  return async (wanted: Replacement, call: Call): Promise<ReplacementDecision> => {
    requireSystem(call)
    return reservations.replace(wanted, allocate, now())
  }
}
