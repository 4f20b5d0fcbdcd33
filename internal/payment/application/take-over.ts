import { requireSystem, type Call } from '../../platform/call.ts'
import type { OrderId, UserId } from '../domain/ids.ts'

/** The money of these orders, which is that of guests, is the user's from now on. */
export type TakeOver = (orderIds: readonly OrderId[], userId: UserId) => Promise<void>

/** The order service says whose orders they are. Idempotent; what is somebody's already stays so. */
export function takeOverOrders({ takeOver }: { readonly takeOver: TakeOver }) {
  return async (orderIds: readonly OrderId[], userId: UserId, call: Call): Promise<void> => {
    requireSystem(call)
    await takeOver(orderIds, userId)
  }
}
