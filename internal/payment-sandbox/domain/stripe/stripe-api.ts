import { Denied, type Payment } from '../payment.ts'
import * as steps from '../payment-steps.ts'
import { json, route, type HttpAnswer, type HttpRequest } from '../http.ts'
import { actionNotWanted } from '../test-methods.ts'
import type { Tx } from '../tx.ts'
import { formOf, type Form } from './form.ts'
import { newPayment } from './new-payment.ts'
import { charge, paymentIntent, stripeDispute, stripeRefund } from './stripe-json.ts'
import {
  listCharges,
  listDisputes,
  listEvents,
  listPayments,
  listRefunds,
  searchPayments,
} from './stripe-lists.ts'
import { checkAmount } from './stripe-units.ts'

type Handler = (tx: Tx, form: Form, id: string) => unknown

const routes: Readonly<Record<string, Handler>> = {
  'POST /v1/payment_intents': create,
  'GET /v1/payment_intents': listPayments,
  'GET /v1/payment_intents/search': searchPayments,
  'GET /v1/payment_intents/:id': (tx, form, id) => shown(tx, paymentOf(tx, id), form),
  'POST /v1/payment_intents/:id/confirm': confirm,
  'POST /v1/payment_intents/:id/capture': capture,
  'POST /v1/payment_intents/:id/cancel': (tx, form, id) =>
    shown(tx, tx.save(steps.cancel(paymentOf(tx, id))), form),
  'POST /v1/refunds': refund,
  'GET /v1/refunds': listRefunds,
  'GET /v1/refunds/:id': (tx, _form, id) => {
    const payment = ownerOf(tx, id)
    return stripeRefund(
      payment,
      found(
        payment.refunds.find((one) => one.id === id),
        'refund',
        id,
      ),
    )
  },
  'GET /v1/charges': listCharges,
  'GET /v1/charges/:id': (tx, _form, id) => charge(ownerOf(tx, id)),
  'GET /v1/disputes': listDisputes,
  'GET /v1/disputes/:id': (tx, _form, id) => {
    const payment = ownerOf(tx, id)
    return stripeDispute(
      payment,
      found(
        payment.disputes.find((one) => one.id === id),
        'dispute',
        id,
      ),
    )
  },
  'GET /v1/events': listEvents,
  'GET /v1/events/:id': (tx, _form, id) =>
    JSON.parse(found(tx.world.events.get(id), 'event', id).body) as unknown,
}

/** Answers a call of Stripe's API. Throws Denied. */
export function stripeApi(tx: Tx, { method, path, query, body }: HttpRequest): HttpAnswer {
  const known = route(routes, method, path)
  if (!known) throw new Denied(404, '', `Unrecognized request URL (${method}: ${path}).`, { isKept: false })
  const form = formOf(method === 'GET' ? query : new URLSearchParams(body))
  return json(200, known.handler(tx, form, known.part))
}

export function stripeError({ status, type, code, message, failure, ref }: Denied, tx: Tx): HttpAnswer {
  const payment = tx.world.payments.get(ref)
  return json(status, {
    error: {
      ...{ type, message, doc_url: 'https://docs.stripe.com/error-codes' },
      ...(code === '' ? {} : { code }),
      ...(failure?.declineCode ? { decline_code: failure.declineCode } : {}),
      ...(payment?.dialect === 'stripe' ? { payment_intent: paymentIntent(payment, tx.publicUrl) } : {}),
    },
  })
}

/** The payment with its charge inside, where the caller has asked to expand it. */
function shown(tx: Tx, payment: Payment, form: Form): object {
  const intent = paymentIntent(payment, tx.publicUrl)
  const isExpanded = form.list('expand').includes('latest_charge') && payment.chargeId !== ''
  return isExpanded ? { ...intent, latest_charge: charge(payment) } : intent
}

function create(tx: Tx, form: Form): object {
  const payment = newPayment(tx, form)
  return begun(tx, payment, form)
}

/** Only a payment whose last attempt has failed can be confirmed again, as none is made without being confirmed. */
function confirm(tx: Tx, form: Form, id: string): object {
  const payment = paymentOf(tx, id)
  if (payment.status !== 'failed') {
    throw new Denied(400, 'payment_intent_unexpected_state', `It is ${payment.status}.`, { ref: id })
  }
  const again = newPayment(tx, form, payment)
  return begun(tx, again, form)
}

function begun(tx: Tx, wanted: Payment, form: Form): object {
  const isUnwanted = wanted.behaviour.needsAction && form.flag('error_on_requires_action')
  const behaviour = isUnwanted
    ? { ...wanted.behaviour, needsAction: false, failure: actionNotWanted }
    : wanted.behaviour
  const payment = tx.save(steps.begin({ ...wanted, behaviour }, tx))
  if (payment.status === 'failed' && payment.failure) {
    const { failure, ref } = payment
    throw new Denied(402, failure.code, failure.message, { type: 'card_error', failure, ref })
  }
  return shown(tx, payment, form)
}

function capture(tx: Tx, form: Form, id: string): object {
  const payment = paymentOf(tx, id)
  const amount =
    form.text('amount_to_capture') === '' ? payment.authorized : Number(form.text('amount_to_capture'))
  checkAmount(amount, payment.currency, false)
  const isFinal = form.text('final_capture') !== 'false'
  if (!isFinal && !payment.canCaptureOften) {
    throw new Denied(400, 'parameter_unknown', 'This payment does not support multicapture.', {
      isKept: false,
    })
  }
  return shown(tx, tx.save(steps.capture(payment, { amount, isFinal, metadata: {} }, tx)), form)
}

function refund(tx: Tx, form: Form): object {
  const payment = paymentOf(
    tx,
    form.text('payment_intent') || (tx.world.owners.get(form.text('charge')) ?? ''),
  )
  const rest = payment.captures.reduce((sum, one) => sum + one.amount, 0)
  const amount = form.text('amount') === '' ? rest : Number(form.text('amount'))
  checkAmount(amount, payment.currency, false)
  const next = tx.save(steps.refund(payment, { amount, metadata: form.record('metadata') }, tx))
  const made = next.refunds.at(-1)
  return stripeRefund(next, found(made, 'refund', ''))
}

function paymentOf(tx: Tx, id: string): Payment {
  const payment = tx.world.payments.get(id)
  return found(payment?.dialect === 'stripe' ? payment : undefined, 'payment_intent', id)
}

function ownerOf(tx: Tx, id: string): Payment {
  return paymentOf(tx, tx.world.owners.get(id) ?? id)
}

function found<Found>(value: Found | undefined, what: string, id: string): Found {
  if (value !== undefined) return value
  throw new Denied(404, 'resource_missing', `No such ${what}: '${id}'`, { isKept: false })
}
