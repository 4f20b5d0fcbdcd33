import { requireSystem, type Call } from '../../../platform/call.ts'
import { requireBatch } from './batch.ts'
import type { Release, Reservations } from './reservations.ts'

type Deps = { readonly reservations: Reservations; readonly now: () => Date }

export function releaseStock({ reservations, now }: Deps) {
  return async (releases: readonly Release[], call: Call): Promise<void> => {
    requireSystem(call)
    requireBatch(releases.length)
    if (releases.length > 0) await reservations.release(releases, now())
  }
}
