import type { Payment } from '../payment.ts'
import type { Tx } from '../tx.ts'
import { mollieChargeback, molliePayment, mollieRefund } from './mollie-json.ts'
import { unprocessable } from './mollie-units.ts'

const usualLimit = 50
const mostAtOnce = 250

/** Newest first. */
function payments({ world }: Tx): readonly Payment[] {
  return world.order.toReversed().flatMap((ref) => {
    const payment = world.payments.get(ref)
    return payment?.dialect === 'mollie' ? [payment] : []
  })
}

export function listPayments(tx: Tx, query: URLSearchParams): object {
  const { part, next } = cut(payments(tx), ({ ref }) => ref, query)
  return list(
    tx,
    'payments',
    part.map((payment) => molliePayment(payment, tx.publicUrl, [])),
    next,
  )
}

export function listRefunds(tx: Tx, query: URLSearchParams): object {
  const all = payments(tx).flatMap((payment) => payment.refunds.map((one) => mollieRefund(payment, one)))
  const { part, next } = cut(newestFirst(all), ({ id }) => id, query)
  return list(tx, 'refunds', part, next)
}

export function listChargebacks(tx: Tx, query: URLSearchParams): object {
  const all = payments(tx).flatMap((payment) => payment.disputes.map((one) => mollieChargeback(payment, one)))
  const { part, next } = cut(newestFirst(all), ({ id }) => id, query)
  return list(tx, 'chargebacks', part, next)
}

function newestFirst<Item extends { readonly createdAt: string }>(items: readonly Item[]): readonly Item[] {
  return items.toSorted((one, other) => other.createdAt.localeCompare(one.createdAt))
}

/** A page begins with the item that `from` names. */
function cut<Item>(items: readonly Item[], idOf: (item: Item) => string, query: URLSearchParams) {
  const limit = Number(query.get('limit') ?? usualLimit)
  if (!(limit >= 1 && limit <= mostAtOnce)) throw unprocessable('limit', 'The limit must be from 1 to 250')
  const from = query.get('from')
  const start = from === null ? 0 : items.findIndex((item) => idOf(item) === from)
  if (start < 0) throw unprocessable('from', 'There is no such item')
  const follower = items[start + limit]
  return { part: items.slice(start, start + limit), next: follower && idOf(follower) }
}

function list({ publicUrl }: Tx, name: string, part: readonly object[], next: string | undefined): object {
  const href = `${publicUrl}/v2/${name}?from=${next ?? ''}&limit=${part.length}`
  const link = next === undefined ? null : { href, type: 'application/hal+json' }
  return { count: part.length, _embedded: { [name]: part }, _links: { next: link } }
}
