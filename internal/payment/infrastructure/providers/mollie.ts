import type {
  CaptureCall,
  CaptureResult,
  CreateCall,
  CreateResult,
  Provider,
  ReadResult,
  RefundCall,
  RefundResult,
  VoidCall,
  VoidResult,
} from '../../application/provider.ts'
import { createResultOf } from './create-result.ts'
import { mollieHttp, type MollieHttp, type MollieHttpOptions } from './mollie-http.ts'
import { findInList, touchedPage } from './mollie-lists.ts'
import { mollieMethods, mollieNames } from './mollie-methods.ts'
import {
  mollieRefundSnapshot,
  mollieSnapshot,
  type MolliePayment,
  type MollieRefund,
} from './mollie-snapshot.ts'
import { toMollie } from './mollie-units.ts'
import { mollieWebhook } from './mollie-webhook.ts'
import { declined, ifUnreadable, unknown } from './outcome.ts'

const embed = 'embed=captures,refunds,chargebacks'

/** Mollie as a provider, by its API v2. */
export function mollieProvider(options: MollieHttpOptions): Provider {
  const http = mollieHttp(options)
  return {
    name: 'mollie',
    methods: mollieMethods,
    // Mollie forgets keys after an hour.
    keyLifetimeMs: 50 * 60_000,
    callEndsAfterMs: 120_000,
    create: (call) => create(http, call).catch(ifUnreadable),
    capture: (call) => capture(http, call).catch(ifUnreadable),
    void: (call) => giveUp(http, call).catch(ifUnreadable),
    refund: (call) => refund(http, call).catch(ifUnreadable),
    read: (ref) => read(http, ref).catch(ifUnreadable),
    async find(ourId, calls) {
      const found = await findInList(http, ourId, calls)
      return found.kind === 'ref' ? read(http, found.ref).catch(ifUnreadable) : found
    },
    touched: (between, cursor) => touchedPage(http, between, cursor),
    parseWebhook: async (_headers, rawBody) => mollieWebhook(rawBody),
  }
}

async function create(http: MollieHttp, call: CreateCall): Promise<CreateResult> {
  const { key, ourId, orderId, money, method, token, returnUrl, notifyUrl, capture: when, description } = call
  if (returnUrl === undefined)
    return declined('provider-refused', 'redirectUrl', 'a return address is needed')
  const body = {
    amount: toMollie(money.minor, money.currency),
    description,
    redirectUrl: returnUrl,
    method: mollieNames[method],
    metadata: { payment_id: ourId, order_id: orderId },
    captureMode: when === 'later' ? 'manual' : 'automatic',
    ...(notifyUrl === undefined ? {} : { webhookUrl: notifyUrl }),
    ...(token === undefined ? {} : { cardToken: token }),
  }
  const answer = await http({ method: 'POST', path: `payments?${embed}`, key, body })
  return answer.kind === 'answered' ? createResultOf(mollieSnapshot(answer.body as MolliePayment)) : answer
}

async function capture(http: MollieHttp, call: CaptureCall): Promise<CaptureResult> {
  const { key, ref, money, isFinal } = call
  const body = { amount: toMollie(money.minor, money.currency), metadata: { capture_id: key.operationId } }
  const answer = await http({ method: 'POST', path: `payments/${ref}/captures`, key, body })
  if (answer.kind !== 'answered') return answer
  const now = await read(http, ref)
  // The capture was made; only what is true now could not be read.
  if (now.kind !== 'found') return unknown('the payment could not be read after its capture', 'may-have-done')
  const { payment } = now
  const isPending = payment.captures.some(
    ({ ourId, status }) => ourId === key.operationId && status === 'pending',
  )
  if (isPending) return { kind: 'pending', payment }
  if (!isFinal || payment.authorizedMinor === 0n) return { kind: 'captured', payment }
  // If this fails, the rest lapses by itself.
  await http({ method: 'POST', path: `payments/${ref}/release-authorization` })
  const after = await read(http, ref)
  return { kind: 'captured', payment: after.kind === 'found' ? after.payment : payment }
}

/** Mollie has two ways, by whether something was authorized; both may be repeated without harm. */
async function giveUp(http: MollieHttp, { key, ref }: VoidCall): Promise<VoidResult> {
  const before = await get(http, ref)
  if (before.kind !== 'answered') return before
  const payment = before.body as MolliePayment
  const { status, isCancelable = false } = payment
  if (['canceled', 'expired', 'failed'].includes(status))
    return { kind: 'voided', payment: mollieSnapshot(payment) }
  if (status !== 'authorized' && !isCancelable)
    return declined('not-possible-now', status, `a payment that is ${status} cannot be canceled`)
  const answer =
    status === 'authorized'
      ? await http({ method: 'POST', path: `payments/${ref}/release-authorization`, key })
      : await http({ method: 'DELETE', path: `payments/${ref}`, key })
  if (answer.kind !== 'answered') return answer
  const after = await read(http, ref)
  if (after.kind !== 'found') return unknown('the payment could not be read after its end', 'may-have-done')
  return { kind: after.payment.authorizedMinor > 0n ? 'pending' : 'voided', payment: after.payment }
}

async function refund(
  http: MollieHttp,
  { key, ourId, ref, money, reason }: RefundCall,
): Promise<RefundResult> {
  const body = {
    amount: toMollie(money.minor, money.currency),
    description: reason,
    metadata: { refund_id: ourId },
  }
  const answer = await http({ method: 'POST', path: `payments/${ref}/refunds`, key, body })
  if (answer.kind !== 'answered') return answer
  const made = mollieRefundSnapshot(answer.body as MollieRefund)
  if (made.status === 'failed' || made.status === 'canceled')
    return declined('declined', made.status, `the refund has ${made.status}`)
  return { kind: made.status === 'requires_action' ? 'requiresAction' : made.status, refund: made }
}

const get = (http: MollieHttp, ref: string) =>
  http({ method: 'GET', path: `payments/${encodeURIComponent(ref)}?${embed}` })

async function read(http: MollieHttp, ref: string): Promise<ReadResult> {
  const answer = await get(http, ref)
  if (answer.kind === 'answered')
    return { kind: 'found', payment: mollieSnapshot(answer.body as MolliePayment) }
  if (answer.kind === 'unknown') return answer
  return answer.code === 'not-found' ? { kind: 'absent' } : unknown(answer.message, 'did-nothing')
}
