import { Denied, type Payment } from '../payment.ts'
import { behaviourOf, redirected, type Behaviour } from '../test-methods.ts'
import type { Tx } from '../tx.ts'
import type { Form } from './form.ts'
import { checkAmount } from './stripe-units.ts'

/** The methods of Stripe that the sandbox knows besides cards, and their currencies. */
const redirects: Readonly<Record<string, readonly string[] | undefined>> = {
  ideal: ['EUR'],
  paypal: undefined,
}

/** A payment by the parameters of a create, or a further attempt of one by those of a confirm. Throws Denied. */
export function newPayment(tx: Tx, form: Form, before?: Payment): Payment {
  if (form.text('confirm') !== 'true' && before === undefined)
    throw wrong('confirm', 'This sandbox confirms at once')
  const method = methodOf(form, before)
  const money = before ?? moneyOf(form, method)
  const captureLater = before?.captureLater ?? form.text('capture_method') === 'manual'
  if (captureLater && method === 'ideal')
    throw wrong('capture_method', 'ideal does not support manual capture')
  const returnUrl = form.text('return_url') || (before?.returnUrl ?? '')
  if (method !== 'card' && returnUrl === '')
    throw wrong('return_url', `A return_url is required for ${method}`)
  return {
    ref: before?.ref ?? tx.newId('pi_'),
    dialect: 'stripe',
    metadata: before?.metadata ?? form.record('metadata'),
    description: before?.description ?? form.text('description'),
    ...{ method, returnUrl, captureLater, amount: money.amount, currency: money.currency },
    behaviour: behaviour(form, method),
    canCaptureOften: form.text('payment_method_options[card][request_multicapture]') === 'if_available',
    status: 'failed',
    notifyUrl: '',
    chargeId: '',
    authorized: 0,
    captures: [],
    refunds: [],
    disputes: [],
    failure: undefined,
    createdAt: before?.createdAt ?? tx.now,
    wakeAt: undefined,
  }
}

function moneyOf(form: Form, method: string): Pick<Payment, 'amount' | 'currency'> {
  const currency = form.text('currency').toUpperCase()
  if (!/^[A-Z]{3}$/.test(currency)) throw wrong('currency', `Invalid currency: ${currency.toLowerCase()}`)
  const amount = /^\d{1,15}$/.test(form.text('amount')) ? Number(form.text('amount')) : NaN
  checkAmount(amount, currency, true)
  if (redirects[method]?.includes(currency) === false)
    throw wrong('currency', `${method} does not support it`)
  return { amount, currency }
}

function methodOf(form: Form, before: Payment | undefined): string {
  const [method = 'card', ...more] = form.list('allowed_payment_method_types')
  if (before) return before.method
  if (more.length === 0 && (method === 'card' || method in redirects)) return method
  throw wrong(
    'allowed_payment_method_types',
    'This sandbox knows card, ideal and paypal, one for each payment',
  )
}

function behaviour(form: Form, method: string): Behaviour {
  const token = form.text('payment_method')
  if (method !== 'card') {
    if (form.text('payment_method_data[type]') === method) return redirected
    throw wrong('payment_method_data[type]', `It must be ${method}`)
  }
  if (form.text('return_url') === '' && !form.flag('error_on_requires_action')) {
    throw wrong('return_url', 'This sandbox needs a return_url, or error_on_requires_action, for a card')
  }
  const known = behaviourOf(token)
  if (known) return known
  throw new Denied(404, 'resource_missing', `No such PaymentMethod: '${token}'`, { isKept: false })
}

function wrong(parameter: string, message: string): Denied {
  return new Denied(400, 'parameter_invalid', `${parameter}: ${message}`, { isKept: false })
}
