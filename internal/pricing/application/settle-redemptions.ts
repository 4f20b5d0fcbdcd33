import { requireSystem, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { HoldReference, RedemptionRequest } from '../domain/redemption.ts'
import type { Redemptions } from './rule-store.ts'

type Deps = { readonly redemptions: Redemptions; readonly now: () => Date }

/** A batch is one transaction, which must not take long. */
const maxBatch = 1_000

function requireBatch(items: readonly unknown[]): void {
  if (items.length <= maxBatch) return
  throw new Refusal('invalid', 'pricing.batch-too-large', `a batch has at most ${maxBatch} orders`)
}

/** Only our own processes hold, give back and use up redemptions. */
export function settleRedemptions({ redemptions, now }: Deps) {
  return {
    async reserve(requests: readonly RedemptionRequest[], call: Call) {
      requireSystem(call)
      requireBatch(requests)
      return redemptions.reserve(requests, now())
    },
    async release(holds: readonly HoldReference[], call: Call) {
      requireSystem(call)
      requireBatch(holds)
      return redemptions.release(holds, now())
    },
    async confirm(holds: readonly HoldReference[], call: Call) {
      requireSystem(call)
      requireBatch(holds)
      return redemptions.confirm(holds, now())
    },
  }
}
