import type { Account, Gate } from './account.ts'
import type { OrderId } from './ids.ts'

export const withGate = (account: Account, change: Partial<Gate>, at: Date): Account => ({
  ...account,
  gate: { ...account.gate, ...change, updatedAt: at },
})

export function newGate(orderId: OrderId, at: Date): Gate {
  return {
    ...{ orderId, userId: undefined, status: 'open', reason: '', dueMinor: 0n, currency: '' },
    ...{ capture: 'at-once', keepMinor: 0n, keepsMoney: false, closedCovered: false, lateUntil: undefined },
    ...{ lines: [], version: 0, createdAt: at, updatedAt: at },
  }
}
