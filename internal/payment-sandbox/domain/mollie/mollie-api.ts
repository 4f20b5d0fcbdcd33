import { json, route, type HttpAnswer, type HttpRequest } from '../http.ts'
import { captured, Denied, refunded, type Payment } from '../payment.ts'
import * as steps from '../payment-steps.ts'
import { behaviourOf, redirected } from '../test-methods.ts'
import type { Tx } from '../tx.ts'
import { listChargebacks, listPayments, listRefunds } from './mollie-lists.ts'
import { methodNames, mollieCapture, molliePayment, mollieRefund } from './mollie-json.ts'
import { unitsOf, unprocessable } from './mollie-units.ts'

type Body = Readonly<Record<string, unknown>>
type Call = { readonly body: Body; readonly query: URLSearchParams; readonly id: string }
type Handler = (tx: Tx, call: Call) => HttpAnswer

const routes: Readonly<Record<string, Handler>> = {
  'POST /v2/payments': create,
  'GET /v2/payments': (tx, { query }) => json(200, listPayments(tx, query)),
  'GET /v2/payments/:id': (tx, { query, id }) => shown(tx, 200, paymentOf(tx, id), query),
  'DELETE /v2/payments/:id': () => {
    throw unprocessable('', 'The payment cannot be cancelled')
  },
  'POST /v2/payments/:id/release-authorization': release,
  'POST /v2/payments/:id/captures': capture,
  'POST /v2/payments/:id/refunds': refund,
  'GET /v2/refunds': (tx, { query }) => json(200, listRefunds(tx, query)),
  'GET /v2/chargebacks': (tx, { query }) => json(200, listChargebacks(tx, query)),
}

/** Answers a call of Mollie's API v2. Throws Denied. */
export function mollieApi(tx: Tx, { method, path, query, body }: HttpRequest): HttpAnswer {
  const known = route(routes, method, path)
  if (!known) throw new Denied(404, '', `No route ${method} ${path}`, { isKept: false })
  return known.handler(tx, { body: parsed(body), query, id: known.part })
}

export function mollieError({ status, code, message }: Denied): HttpAnswer {
  const titles: Readonly<Record<number, string>> = {
    401: 'Unauthorized Request',
    404: 'Not Found',
    409: 'Conflict',
  }
  const field = status === 422 && code !== '' ? { field: code } : {}
  return json(status, { status, title: titles[status] ?? 'Unprocessable Entity', detail: message, ...field })
}

function parsed(body: string): Body {
  if (body === '') return {}
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body
  } catch {
    // It is refused below.
  }
  throw new Denied(400, '', 'The request body is not a JSON object', { isKept: false })
}

function shown(tx: Tx, status: number, payment: Payment, query: URLSearchParams): HttpAnswer {
  const embed = (query.get('embed') ?? '').split(',').filter((name) => name !== '')
  return json(status, molliePayment(payment, tx.publicUrl, embed))
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function create(tx: Tx, { body, query }: Call): HttpAnswer {
  const method = Object.entries(methodNames).find(([, name]) => name === body.method)?.[0]
  if (method === undefined) throw unprocessable('method', 'This sandbox knows creditcard, ideal and paypal')
  const { amount, currency } = unitsOf(body.amount, text(body.method))
  if (text(body.description) === '') throw unprocessable('description', 'The description is missing')
  if (!URL.canParse(text(body.redirectUrl))) throw unprocessable('redirectUrl', 'The redirect URL is invalid')
  const notifyUrl = text(body.webhookUrl)
  if (notifyUrl !== '' && !URL.canParse(notifyUrl))
    throw unprocessable('webhookUrl', 'The webhook URL is invalid')
  const captureLater = body.captureMode === 'manual'
  if (captureLater && method !== 'card') throw unprocessable('captureMode', 'Not supported for this method')
  const cardToken = text(body.cardToken)
  const behaviour = cardToken === '' ? redirected : behaviourOf(cardToken)
  if (behaviour === undefined) throw unprocessable('cardToken', 'The card token is invalid')
  const payment: Payment = {
    ...{ ref: tx.newId('tr_'), dialect: 'mollie', method, amount, currency, captureLater, notifyUrl },
    metadata: recordOf(body.metadata),
    description: text(body.description),
    behaviour: { ...behaviour, refund: behaviour.refund ?? 'pending-then-succeeded' },
    canCaptureOften: true,
    status: 'failed',
    returnUrl: text(body.redirectUrl),
    ...{ chargeId: '', authorized: 0, captures: [], refunds: [], disputes: [], failure: undefined },
    createdAt: tx.now,
    wakeAt: undefined,
  }
  return shown(tx, 201, tx.save(steps.begin(payment, tx)), query)
}

function capture(tx: Tx, { body, id }: Call): HttpAnswer {
  const payment = paymentOf(tx, id)
  if (payment.status !== 'authorized') throw unprocessable('', 'The payment is not authorized', true)
  const amount = body.amount === undefined ? payment.authorized : sameUnits(payment, body.amount)
  if (amount > payment.authorized)
    throw unprocessable('amount', 'The amount is higher than the maximum', true)
  const wish = { amount, isFinal: false, metadata: recordOf(body.metadata) }
  const next = tx.save(steps.capture(payment, wish, tx))
  const made = next.captures.at(-1)
  return json(201, made && mollieCapture(next, made))
}

function release(tx: Tx, { id }: Call): HttpAnswer {
  const payment = paymentOf(tx, id)
  if (payment.status !== 'authorized') throw unprocessable('', 'The payment is not authorized', true)
  return shown(tx, 202, tx.save(steps.cancel(payment)), new URLSearchParams())
}

function refund(tx: Tx, { body, id }: Call): HttpAnswer {
  const payment = paymentOf(tx, id)
  const balance = captured(payment) - refunded(payment)
  const amount = sameUnits(payment, body.amount)
  if (amount > balance) throw unprocessable('amount', 'The amount is higher than the maximum', true)
  const next = tx.save(steps.refund(payment, { amount, metadata: recordOf(body.metadata) }, tx))
  const made = next.refunds.at(-1)
  return json(201, made && mollieRefund(next, made))
}

function sameUnits(payment: Payment, given: unknown): number {
  const { amount, currency } = unitsOf(given, methodNames[payment.method] ?? '')
  if (currency !== payment.currency)
    throw unprocessable('amount', 'The currency is not the one of the payment')
  return amount
}

/** Mollie keeps any JSON as metadata; the adapter sends texts. */
function recordOf(given: unknown): Readonly<Record<string, string>> {
  if (typeof given !== 'object' || given === null) return {}
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]))
}

function paymentOf(tx: Tx, id: string): Payment {
  const payment = tx.world.payments.get(id)
  if (payment?.dialect === 'mollie') return payment
  throw new Denied(404, '', `No payment exists with token ${id}.`, { isKept: false })
}
