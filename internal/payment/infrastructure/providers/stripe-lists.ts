import type Stripe from 'stripe'
import type { Between, TouchedResult } from '../../application/provider.ts'
import { ofKind } from './outcome.ts'

const pageSize = 100
/** How many payments are looked through before it is too many. */
const mostPages = 50
const clockSkewMs = 60_000
/** Stripe's documents say that its search is behind by less than a minute, and by an hour during an outage. */
const searchIsCompleteAfterMs = 3_600_000

const seconds = (date: Date, skewMs: number): number => Math.floor((date.getTime() + skewMs) / 1_000)

/** The ref of our payment among those made at that time; `too-many` when they could not all be looked at. */
export async function findByList(
  stripe: Stripe,
  ourId: string,
  { from, to }: Between,
): Promise<string | undefined> {
  if (Date.now() - to.getTime() > searchIsCompleteAfterMs) return undefined
  const created = { gte: seconds(from, -clockSkewMs), lte: seconds(to, clockSkewMs) }
  let after: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const wanted = { created, limit: pageSize, ...(after === undefined ? {} : { starting_after: after }) }
    const { data, has_more: hasMore } = ofKind('list', await stripe.paymentIntents.list(wanted))
    const found = data.find(({ metadata }) => metadata.payment_id === ourId)
    if (found) return found.id
    after = data.at(-1)?.id
    if (!hasMore || after === undefined) return undefined
  }
  return 'too-many'
}

const kinds = ['payments', 'refunds', 'disputes'] as const

/** One page of what was made in this time: payments first, then refunds, then disputes. */
export async function touchedPage(
  stripe: Stripe,
  { from, to }: Between,
  cursor = 'payments ',
): Promise<TouchedResult> {
  const [kind = '', after = ''] = cursor.split(' ')
  const created = { gte: seconds(from, 0), lte: seconds(to, 0) }
  const wanted = { created, limit: pageSize, ...(after === '' ? {} : { starting_after: after }) }
  const { data, has_more: hasMore } = ofKind('list', await listOf(stripe, kind, wanted))
  const last = data.at(-1)?.id
  const following = kinds[kinds.findIndex((one) => one === kind) + 1]
  const next = hasMore && last !== undefined ? `${kind} ${last}` : following && `${following} `
  const refs = data.flatMap((item) => refOf(item))
  return { kind: 'page', refs: [...new Set(refs)], next }
}

type Item = Stripe.PaymentIntent | Stripe.Refund | Stripe.Dispute

function listOf(
  stripe: Stripe,
  kind: string,
  wanted: { readonly created: { readonly gte: number; readonly lte: number }; readonly limit: number },
): Promise<{ readonly object: string; readonly data: readonly Item[]; readonly has_more: boolean }> {
  if (kind === 'refunds') return stripe.refunds.list(wanted)
  return kind === 'disputes' ? stripe.disputes.list(wanted) : stripe.paymentIntents.list(wanted)
}

function refOf(item: Item): readonly string[] {
  if (item.object === 'payment_intent') return [item.id]
  const { payment_intent: intent } = item
  if (intent === null) return []
  return [typeof intent === 'string' ? intent : intent.id]
}
