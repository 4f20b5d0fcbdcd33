import type { Trace } from '../../platform/call.ts'
import type { GateOutcome } from '../domain/closing.ts'
import type { OrderId } from '../domain/order.ts'

export type GateToClose = {
  readonly orderId: OrderId
  readonly reason: 'expired' | 'canceled'
  /** What becomes of money that was taken; undefined: a covered gate stays open. */
  readonly refund: 'full' | 'none' | undefined
  /** What the customer owes for what was packed or shipped before, in minor units. */
  readonly keepMinor: bigint
  readonly trace: Trace
}

export type GateToReopen = {
  readonly orderId: OrderId
  /** What the order owes, in minor units. */
  readonly dueMinor: bigint
  readonly trace: Trace
}

/** What orders ask of the payments. Each may be repeated. */
export type Payments = {
  /** From then on no attempt begins and nothing is captured, unless the answer is that the order is covered. */
  readonly closeGate: (gate: GateToClose) => Promise<GateOutcome>
  /**
   * An expired order takes its late money after all. False: the money does not cover it, or is on its way back, or nothing
   * is known of it.
   */
  readonly reopenGate: (gate: GateToReopen) => Promise<boolean>
}
