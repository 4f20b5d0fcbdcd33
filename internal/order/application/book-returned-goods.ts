import type { Trace } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Return, ReturnId } from '../domain/goods-back.ts'
import type { OrderFiles, UnbookedReturn } from './order-files.ts'
import type { ReturnedGoods, Stock } from './stock.ts'

type Deps = { readonly stock: Stock; readonly files: OrderFiles }

export type ToldReturn = { readonly returnId: ReturnId; readonly trace: Trace }

/**
 * Lets the inventory book the goods of received returns, and then marks them as booked. Both are idempotent by (order,
 * return number). That a return was received is read from the return, whatever a message says.
 */
export function bookReturnedGoods({ stock, files }: Deps) {
  return async (told: readonly ToldReturn[]): Promise<readonly (Refusal | undefined)[]> => {
    const found = await Promise.all(told.map(({ returnId }) => files.findByReturn(returnId)))
    const returns = told.map(({ returnId }, index) => found[index]?.returns.find(({ id }) => id === returnId))
    const waiting = told.flatMap(({ trace }, index): UnbookedReturn[] => {
      const each = returns[index]
      return each?.awaitingStock === true ? [{ return: each, trace }] : []
    })
    if (waiting.length > 0) {
      await stock.bookReturns(waiting.map(goodsOf))
      await files.markBooked(waiting.map((each) => each.return.id))
    }
    return told.map(({ returnId }, index) => refusalOf(returnId, returns[index]))
  }
}

function goodsOf({ return: { orderId, returnNo, lines }, trace }: UnbookedReturn): ReturnedGoods {
  return {
    ...{ orderId, returnNo, trace },
    lines: lines
      .filter(({ resellable, damaged }) => resellable + damaged > 0)
      .map(({ productId, resellable, damaged }) => ({ productId, resellable, damaged })),
  }
}

function refusalOf(returnId: ReturnId, found: Return | undefined): Refusal | undefined {
  if (!found) return new Refusal('invalid', 'message.unknown-return', `there is no return ${returnId}`)
  if (found.history.some(({ status }) => status === 'received')) return undefined
  return new Refusal('invalid', 'message.not-received', `return ${returnId} is ${found.status}`)
}
