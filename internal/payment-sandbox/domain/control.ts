import { parseFaults } from './faults.ts'
import { json, route, type HttpAnswer, type HttpRequest } from './http.ts'
import { captured, disputed, Denied, refunded, type Payment } from './payment.ts'
import * as steps from './payment-steps.ts'
import type { Tx } from './tx.ts'

type Body = Readonly<Record<string, unknown>>
type Handler = (tx: Tx, body: Body, ref: string) => HttpAnswer

const routes: Readonly<Record<string, Handler>> = {
  'GET /control': (tx) => json(200, tx.world.faults),
  'PUT /control': (tx, body) => {
    const read = parseFaults(body)
    if ('problem' in read) throw new Denied(400, 'faults.invalid', read.problem)
    tx.put({ table: 'faults', value: read.faults })
    return json(200, read.faults)
  },
  'PUT /control/webhook': (tx, body) => {
    const url = typeof body.url === 'string' ? body.url : ''
    if (url !== '' && !/^https?:/.test(url))
      throw new Denied(400, 'url.invalid', 'url must begin with http:// or https://')
    tx.put({ table: 'webhookUrl', value: url })
    return json(200, { url })
  },
  'GET /control/webhook': (tx) => json(200, { url: tx.world.webhookUrl, waiting: tx.world.deliveries.size }),
  'GET /control/charges': ({ world }) => json(200, { data: [...world.payments.values()].map(chargeRow) }),
  'POST /control/charges/:ref/refund': (tx, body, ref) => {
    const payment = paymentOf(tx, ref)
    const amount = amountIn(body, captured(payment) - refunded(payment))
    return json(201, chargeRow(tx.save(steps.refund(payment, { amount, metadata: {} }, tx))))
  },
  'POST /control/charges/:ref/dispute': dispute,
  'POST /control/charges/:ref/currency': convert,
}

/** What the provider's dashboard can do, and what the tests of a shop set. Throws Denied. */
export function control(tx: Tx, { method, path, body }: HttpRequest): HttpAnswer {
  const known = route(routes, method, path)
  if (!known) throw new Denied(404, 'not-found', `there is no ${method} ${path}`)
  return known.handler(tx, parsed(body), known.part)
}

function parsed(body: string): Body {
  if (body === '') return {}
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body
  } catch {
    // It is refused below.
  }
  throw new Denied(400, 'body.invalid', 'the body must be a JSON object')
}

/** What the sandbox believes of a payment, in the units of its provider. The audit compares it with ours. */
function chargeRow(payment: Payment) {
  const { ref, dialect, metadata, currency, status } = payment
  return {
    ...{ ref, provider: dialect, currency, status },
    paymentId: metadata.payment_id ?? null,
    orderId: metadata.order_id ?? null,
    amount: payment.amount,
    authorized: payment.authorized,
    captured: captured(payment),
    refunded: refunded(payment),
    disputed: disputed(payment),
    refunds: payment.refunds.map(({ id, amount, status: state, metadata: own }) => ({
      ...{ id, amount, status: state },
      refundId: own.refund_id ?? null,
    })),
  }
}

/** Opens a dispute, or an inquiry; with `outcome` it ends the one that is open. */
function dispute(tx: Tx, body: Body, ref: string): HttpAnswer {
  const payment = paymentOf(tx, ref)
  const { outcome, status = 'opened', reason = 'fraudulent' } = body
  if (outcome !== undefined) {
    if (outcome !== 'won' && outcome !== 'lost' && outcome !== 'closed')
      throw new Denied(400, 'outcome.invalid', 'outcome must be won, lost or closed')
    const open = payment.disputes.findLast((one) => one.status === 'opened' || one.status === 'inquiry')
    if (!open) throw new Denied(409, 'not_disputed', 'no dispute of this payment is open')
    return json(200, chargeRow(tx.save(steps.endDispute(payment, open.id, outcome))))
  }
  if (status !== 'opened' && status !== 'inquiry')
    throw new Denied(400, 'status.invalid', 'status must be opened or inquiry')
  if (typeof reason !== 'string') throw new Denied(400, 'reason.invalid', 'reason must be a text')
  const amount = amountIn(body, captured(payment) - disputed(payment))
  return json(201, chargeRow(tx.save(steps.dispute(payment, { amount, status, reason }, tx))))
}

/** The customer's bank takes another currency than the shop has asked for. */
function convert(tx: Tx, { currency }: Body, ref: string): HttpAnswer {
  const payment = paymentOf(tx, ref)
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency))
    throw new Denied(400, 'currency.invalid', 'currency must have three capital letters')
  if (payment.status !== 'action_required')
    throw new Denied(409, 'not_open', `This payment is ${payment.status}.`)
  return json(200, chargeRow(tx.save({ payment: { ...payment, currency }, facts: [] })))
}

function amountIn({ amount }: Body, all: number): number {
  if (amount === undefined) return all
  if (typeof amount === 'number' && Number.isSafeInteger(amount)) return amount
  throw new Denied(400, 'amount.invalid', 'amount must be a whole number in the units of the provider')
}

function paymentOf(tx: Tx, given: string): Payment {
  const payment = tx.world.payments.get(tx.world.owners.get(given) ?? given)
  if (payment) return payment
  throw new Denied(404, 'not-found', 'there is no such payment')
}
