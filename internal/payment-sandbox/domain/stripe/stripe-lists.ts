import { Denied, type Payment } from '../payment.ts'
import type { Tx } from '../tx.ts'
import type { Form } from './form.ts'
import { charge, paymentIntent, stripeDispute, stripeRefund } from './stripe-json.ts'

type Listed = { readonly id: string; readonly created: number }

/** Newest first, as all lists of Stripe. */
function stripePayments({ world }: Tx, form: Form): readonly Payment[] {
  const wanted = form.text('payment_intent') || (world.owners.get(form.text('charge')) ?? '')
  const refs = wanted === '' ? world.order.toReversed() : [wanted]
  return refs.flatMap((ref) => {
    const payment = world.payments.get(ref)
    return payment?.dialect === 'stripe' ? [payment] : []
  })
}

export function listPayments(tx: Tx, form: Form): object {
  // The rest is not even rendered: a busy shop has many.
  const from = Number(form.text('created[gte]') || 0) * 1_000
  const to = (Number(form.text('created[lte]') || Infinity) + 1) * 1_000
  const payments = stripePayments(tx, form).filter(({ createdAt }) => createdAt >= from && createdAt < to)
  return page(
    payments.map((payment) => paymentIntent(payment, tx.publicUrl)),
    form,
  )
}

export function listCharges(tx: Tx, form: Form): object {
  return page(
    stripePayments(tx, form)
      .filter(({ chargeId }) => chargeId !== '')
      .map(charge),
    form,
  )
}

export function listRefunds(tx: Tx, form: Form): object {
  return page(
    stripePayments(tx, form).flatMap((payment) =>
      payment.refunds.map((one) => stripeRefund(payment, one)).toReversed(),
    ),
    form,
  )
}

export function listDisputes(tx: Tx, form: Form): object {
  return page(
    stripePayments(tx, form).flatMap((payment) =>
      payment.disputes.map((one) => stripeDispute(payment, one)).toReversed(),
    ),
    form,
  )
}

export function listEvents({ world }: Tx, form: Form): object {
  const events = [...world.events.values()].reverse().map(({ body }) => JSON.parse(body) as Listed)
  return page(events, form)
}

/** Searches by one of our keys of the metadata, the only query that the adapter makes. */
export function searchPayments(tx: Tx, form: Form): object {
  const [, key, value] = /^metadata\['(\w+)'\]:'([\w-]+)'$/.exec(form.text('query')) ?? []
  if (key === undefined) {
    throw new Denied(400, 'parameter_invalid', "This sandbox searches by metadata['key']:'value' alone", {
      isKept: false,
    })
  }
  const found = stripePayments(tx, form).filter(({ metadata }) => metadata[key] === value)
  const data = found.map((payment) => paymentIntent(payment, tx.publicUrl))
  return {
    object: 'search_result',
    data,
    has_more: false,
    next_page: null,
    url: '/v1/payment_intents/search',
  }
}

const usualLimit = 10
const mostAtOnce = 100

function page(items: readonly Listed[], form: Form): object {
  const limit = Number(form.text('limit') || usualLimit)
  if (!(limit >= 1 && limit <= mostAtOnce))
    throw new Denied(400, 'parameter_invalid', 'limit: 1 to 100', { isKept: false })
  const from = Number(form.text('created[gte]') || 0)
  const to = Number(form.text('created[lte]') || Infinity)
  const within = items.filter(({ created }) => created >= from && created <= to)
  const after = form.text('starting_after')
  const start = after === '' ? 0 : within.findIndex(({ id }) => id === after) + 1
  const data = within.slice(start, start + limit)
  return { object: 'list', data, has_more: start + limit < within.length, url: '/v1' }
}
