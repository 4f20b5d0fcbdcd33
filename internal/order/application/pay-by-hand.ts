import { traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { applyMoney } from '../domain/money.ts'
import type { Order, OrderId } from '../domain/order.ts'
import { linesPaidByHand } from '../domain/payable.ts'
import type { OrderFiles } from './order-files.ts'
import type { Payments } from './payments.ts'
import { changeable } from './read-orders.ts'

type Deps = { readonly files: OrderFiles; readonly payments: Payments; readonly now: () => Date }

/**
 * Records that the rest of an order's money came outside of providers. The payments keep it, once for each reference, and
 * what they say then makes the order paid. A crash between the two changes nothing: their event says the same.
 */
export function payByHand({ files, payments, now }: Deps) {
  type Input = { readonly id: OrderId; readonly reference: string; readonly reason: string }
  return async ({ id, reference, reason }: Input, call: Call): Promise<Order> => {
    if (reference.trim() === '')
      throw new Refusal('invalid', 'payment.reference-missing', 'a bank reference is needed')
    const trace = traceOf(call)
    const order = changeable((await files.find(id))?.order, call)
    const money = await payments.recordOffline({ order, lines: linesPaidByHand(order), reference, trace })
    const paid = await files.update({
      ...{ id, trace },
      decide: (before) => applyMoney(before, money, now(), reason),
    })
    return changeable(paid?.order, call)
  }
}
