import { Refusal } from '../../platform/refusal.ts'
import { moneyPart } from '../domain/money-part.ts'
import { orderPart } from '../domain/order-part.ts'
import { timelineOf, windowsAround, type Timeline } from '../domain/timeline.ts'
import { toldPart } from '../domain/told-part.ts'
import type { Stored, StoredMoney, StoredOrder } from './stored.ts'

export type OrderTimeline = Timeline & {
  readonly status: string
  /** Events that are counted and were not found: they are older than they are kept, or lie far from every other moment. */
  readonly missingEvents: number
}

/** Between a row and its event; their times are those of one decision. */
const eventMarginMs = 1_000
/** Between a provider's message and what followed from it. */
const messageMarginMs = 60_000

/** Everything that is stored about an order, and what it waits for. Refused with order.not-found. */
export async function orderTimeline(stored: Stored, orderId: string): Promise<OrderTimeline> {
  const found = await stored.order(orderId)
  if (!found) throw new Refusal('not-found', 'order.not-found', 'there is no such order')
  const { order, parcels } = found
  const [stock, money] = [await stored.stock(orderId), await stored.money(orderId)]
  const goods = [orderPart(order, parcels), stock.part]
  const known = [...goods, moneyPart({ ...money, inbox: [] })]
  const times = known.flatMap(({ entries }) => entries.map(({ at }) => at))
  const moments = [...times, ...stock.decidedAt, ...changesOf(money)]
  const inbox = await stored.inbox(money.payments, windowsAround(moments, messageMarginMs))
  const withMessages = [...moments, ...inbox.map(({ receivedAt }) => receivedAt)]
  const windows = windowsAround(withMessages, eventMarginMs)
  const subjects = subjectsOf(found, money)
  const events = await stored.events(subjects, windows)
  const eventIds = events.map(({ id }) => id)
  const [deadLetters, messages] = [await stored.deadLetters(eventIds), await stored.messages(eventIds)]
  const acts = await stored.acts(subjects, windows)
  const told = toldPart({ events, deadLetters, messages, acts }, new Date())
  const counted = [order, ...parcels, stock, money].reduce((sum, { version }) => sum + version, 0)
  const ofCounted = new Set([orderId, ...parcels.map(({ id }) => id)])
  const seen = events.filter(({ aggregateId }) => ofCounted.has(aggregateId)).length
  return {
    ...timelineOf([...goods, moneyPart({ ...money, inbox }), told]),
    status: order.status,
    missingEvents: Math.max(0, counted - seen),
  }
}

/** What is told of a payment may have changed after everything that has an entry of its own. */
const changesOf = ({ payments, operations, refunds }: StoredMoney): readonly Date[] => [
  ...payments.map(({ updatedAt }) => updatedAt),
  ...refunds.map(({ updatedAt }) => updatedAt),
  ...operations.flatMap(({ lastTriedAt }) => lastTriedAt ?? []),
]

function subjectsOf({ order, parcels }: StoredOrder, money: StoredMoney): readonly string[] {
  const things = [...parcels, ...money.payments, ...money.refunds, ...money.receipts]
  return [order.id, ...things.map(({ id }) => id), ...(order.cartId ? [order.cartId] : [])]
}
