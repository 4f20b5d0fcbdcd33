import type { Charge } from './charges.ts'
import type { EndState } from './end-state.ts'
import { minor } from './moved.ts'
import { succeeded, wasRefused, type Attempts } from './operations.ts'
import { countClasses, groupBy, ruleOf, type Class } from './rule.ts'

/** What became of the requests to pay and to give back. */
export function judgeRequests(operations: readonly Attempts[], end: EndState, charges: readonly Charge[]) {
  const payments = new Map(end.payments.map((payment) => [payment.id, payment]))
  const paymentsOf = groupBy(end.payments, ({ key }) => key ?? '')
  const refunds = new Map(end.refunds.map((refund) => [refund.id, refund]))
  const refundsOf = groupBy(end.refunds, ({ key }) => key ?? '')
  const given = new Set(
    charges.flatMap((charge) =>
      charge.refunds.flatMap((one) => (one.status === 'succeeded' ? [`${one.refundId} ${one.amount}`] : [])),
    ),
  )
  const isPaymentTrue = (attempts: Attempts): boolean =>
    succeeded(attempts).every(({ payment: told }) => {
      const found = told && payments.get(told.id)
      return found?.order === told?.orderId && found?.amount === minor(told?.amount ?? NaN)
    })
  const isRefundTrue = (attempts: Attempts): boolean =>
    succeeded(attempts).every(({ refund: told }) => {
      const found = told && refunds.get(told.id)
      if (!told || !found) return false
      const isAsTold = found.payment === told.paymentId && found.amount === minor(told.amount)
      // What the provider could not give back after all, staff have paid back.
      return isAsTold && (found.status === 'settled_manually' || given.has(`${found.id} ${found.amount}`))
    })
  const paid = operations.filter(({ operation }) => operation.name === 'pay')
  const back = operations.filter(({ operation }) => operation.name === 'refund')
  const payClass = (one: Attempts): Class => classOf(one, paymentsOf.get(one.key) ?? [], isPaymentTrue(one))
  const refundClass = (one: Attempts): Class => classOf(one, refundsOf.get(one.key) ?? [], isRefundTrue(one))
  const complain = (classOfOne: (one: Attempts) => Class) => (one: Attempts) =>
    ['lost', 'doubled', 'unexpected'].includes(classOfOne(one))
      ? `${one.key} is ${classOfOne(one)}`
      : undefined
  return {
    counts: { pay: countClasses(paid.map(payClass)), refund: countClasses(back.map(refundClass)) },
    rules: [
      ruleOf('a payment that was answered is there, once, as it was answered', paid, complain(payClass)),
      ruleOf('a refund that was answered was given back, once and whole', back, complain(refundClass)),
    ],
  }
}

/** A request may be answered with a payment that another one has begun; then nothing is stored under its key. */
function classOf(attempts: Attempts, stored: readonly unknown[], isTrue: boolean): Class {
  if (stored.length > 1) return 'doubled'
  if (succeeded(attempts).length > 0) return isTrue ? 'ok' : 'lost'
  if (attempts.isDefinite && wasRefused(attempts)) return stored.length === 0 ? 'refused' : 'unexpected'
  return stored.length === 0 ? 'unknown-absent' : 'unknown-recovered'
}
