import { confirm, reject, type Order, type OrderChange } from './order.ts'

/** What the inventory decided for an order. */
export type Outcome = { readonly held: true } | { readonly held: false; readonly reason: string }

/** Undefined: nothing to do. Decisions come again after crashes, late after a cancellation, and from the sweeper. */
export function settle(order: Order, outcome: Outcome, at: Date): OrderChange | undefined {
  switch (order.status) {
    case 'pending':
      return outcome.held ? confirm(order, at) : reject(order, outcome.reason, at)
    case 'canceled': // its own release gives back what the late reservation holds
    case 'confirmed':
    case 'rejected':
    case 'paid':
    case 'shipped':
    case 'completed':
      return undefined
  }
}
