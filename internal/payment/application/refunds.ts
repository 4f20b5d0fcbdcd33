import type { Act } from '../../platform/act.ts'
import { requirePermission, traceOf, type Call } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Account, Refund } from '../domain/account.ts'
import type { PaymentId } from '../domain/ids.ts'
import { requestRefund, type RefundRequest } from '../domain/request-refund.ts'
import type { PaymentDeps } from './begin-payment.ts'
import { orderOf, paymentIn } from './payments.ts'

type RefundDeps = Pick<PaymentDeps, 'accounts' | 'newId' | 'now'>

/** Staff give back what one payment has taken. */
export function refundPayment(deps: RefundDeps) {
  const { accounts, newId, now } = deps
  return async (
    id: PaymentId,
    request: RefundRequest,
    call: Call,
  ): Promise<Done<{ readonly account: Account; readonly refund: Refund }>> => {
    requirePermission(call, 'payments:write')
    const orderId = await orderOf(accounts, id)
    return doOnce(
      call.once,
      async (once) => {
        const refundId = await accounts.findByRequest(once)
        const account = refundId === undefined ? undefined : await accounts.find(orderId)
        const refund = account?.refunds.find((each) => each.id === refundId)
        return account && refund && { account, refund }
      },
      async () => {
        const at = now()
        const { result } = await accounts.update(
          orderId,
          (before) => {
            const payment = paymentIn(before, id)
            const made = requestRefund(payment.account, [payment.payment], request, at, newId)
            const [refund] = made.refunds
            if (!refund)
              throw new Refusal('conflict', 'refund.exceeds-balance', 'there is nothing to give back', {
                balanceMinor: '0',
              })
            return { account: made.account, result: { account: made.account, refund } }
          },
          {
            ...{ trace: traceOf(call), at, act: ({ refunds }) => actOf(refunds.at(-1)) },
            once: call.once && { key: call.once, thing: ({ refunds }) => refunds.at(-1)?.id ?? '' },
          },
        )
        return result
      },
    )
  }
}

const actOf = (refund: Refund | undefined): Act => ({
  ...{ what: 'refund.requested', subjectId: refund?.id ?? '', reason: refund?.reason },
  after: { paymentId: refund?.paymentId, amountMinor: refund?.amountMinor },
})
