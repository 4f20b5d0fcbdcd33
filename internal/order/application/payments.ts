import type { Trace } from '../../platform/call.ts'
import type { GateOutcome } from '../domain/closing.ts'
import type { Money } from '../domain/money.ts'
import type { Order, OrderId, UserId } from '../domain/order.ts'
import type { LineMoney } from '../domain/payable.ts'

export type GateToClose = {
  readonly orderId: OrderId
  readonly reason: 'expired' | 'canceled' | 'rejected'
  /** What becomes of money that was taken; undefined: a covered gate stays open. */
  readonly refund: 'full' | 'none' | undefined
  /** What the customer owes for what was packed or shipped before, in minor units. */
  readonly keepMinor: bigint
  /** The order has ended already: nothing is waited for, and a gate that is not known is left so. */
  readonly isOver?: boolean
  readonly trace: Trace
}

/** An order whose money is asked for, as it was after that event at least. */
export type GateToRead = { readonly orderId: OrderId; readonly gateVersion: number }

export type MoneyByHand = {
  readonly order: Order
  readonly lines: readonly LineMoney[]
  /** Under which the bank has it; good for one order, ever. */
  readonly reference: string
  readonly trace: Trace
}

export type GoodsToCredit = {
  readonly order: Order
  /** All lines, with all units so far that are not owed. */
  readonly lines: readonly LineMoney[]
  /** Of an order that has ended: what is owed for what is packed or was shipped. */
  readonly keepMinor: bigint | undefined
  readonly reason: string
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
  /** Staff have seen at the bank what was still owed. Returns the money of the order, all told. */
  readonly recordOffline: (money: MoneyByHand) => Promise<Money>
  /** From then on the order owes less, and what was taken for the units is on its way back. */
  readonly creditGoods: (goods: GoodsToCredit) => Promise<void>
  /**
   * An expired order takes its late money after all. False: the money does not cover it, or is on its way back, or nothing
   * is known of it.
   */
  readonly reopenGate: (gate: GateToReopen) => Promise<boolean>
  /** The money of these orders, all told. One is left out of which the payments know nothing. */
  readonly readMoney: (gates: readonly GateToRead[], trace: Trace) => Promise<ReadonlyMap<OrderId, Money>>
  /** What guests have paid for these orders is the user's from now on. */
  readonly takeOver: (orderIds: readonly OrderId[], userId: UserId, trace: Trace) => Promise<void>
  /** Goods of these orders are about to leave, so what is authorized for them is captured. */
  readonly captureForGoods: (orderIds: readonly OrderId[], trace: Trace) => Promise<void>
}
