import { requireSystem, traceOf, type Call } from '../../platform/call.ts'
import { creditGoods as credit, type Credited, type ToldGoods } from '../domain/credit-goods.ts'
import type { PaymentDeps } from './begin-payment.ts'

/** The order does not owe for units that were short or came back; what was taken for them goes back. */
export function creditGoods({ accounts, newId, now }: Pick<PaymentDeps, 'accounts' | 'newId' | 'now'>) {
  return async (told: ToldGoods, call: Call): Promise<Credited> => {
    requireSystem(call)
    const at = now()
    const { account, result } = await accounts.update(
      told.orderId,
      (before) => {
        const credited = credit(before, told, at, newId)
        return { account: credited.account, result: credited.refunds }
      },
      { trace: traceOf(call), at },
    )
    return { account, refunds: result }
  }
}
