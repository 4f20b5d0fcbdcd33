import type { Account, Payment } from '../domain/account.ts'
import type { Outcome } from '../domain/conclude.ts'
import type { Operation } from '../domain/operation.ts'
import type { Declined, Provider, Unknown } from './provider.ts'

/** One call, made from what was stored with the intent and from nothing that may change. */
export async function callProvider(
  provider: Provider,
  { gate, refunds }: Account,
  payment: Payment,
  operation: Operation,
  notifyUrl: string | undefined,
): Promise<Outcome> {
  const key = { operationId: operation.id, attempt: operation.attempt }
  const money = { minor: operation.amountMinor, currency: payment.currency }
  if (operation.kind === 'create') {
    const created = await provider.create({
      ...{ key, ourId: payment.id, orderId: gate.orderId, money, method: payment.method, notifyUrl },
      token: payment.token || undefined,
      returnUrl: payment.returnUrl || undefined,
      capture: payment.capture === 'at-once' ? 'at-once' : 'later',
      description: `Order ${gate.orderId}`,
    })
    return isFailure(created) ? failureOf(created) : { kind: 'done', payment: created.payment }
  }
  const { ref } = payment
  if (ref === undefined)
    return { kind: 'unknown', message: 'the provider has not named the payment yet', didNothing: true }
  if (operation.kind === 'refund') {
    const reason = refunds.find(({ id }) => id === operation.refundId)?.reason ?? ''
    const refunded = await provider.refund({ key, ourId: operation.id, ref, money, reason })
    return isFailure(refunded) ? failureOf(refunded) : { kind: 'done', refund: refunded.refund }
  }
  const done =
    operation.kind === 'capture'
      ? await provider.capture({ key, ref, money, isFinal: operation.isFinal })
      : await provider.void({ key, ref, reason: gate.reason })
  return isFailure(done) ? failureOf(done) : { kind: 'done', payment: done.payment }
}

const isFailure = (result: { readonly kind: string }): result is Declined | Unknown =>
  result.kind === 'declined' || result.kind === 'unknown'

function failureOf(result: Declined | Unknown): Outcome {
  if (result.kind === 'unknown')
    return { kind: 'unknown', message: result.reason, didNothing: result.thisCall === 'did-nothing' }
  const { code, message, payment } = result
  return { kind: 'declined', code, message, payment }
}
