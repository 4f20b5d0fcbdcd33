import { eventType } from '../../platform/event.ts'
import { reactTo, type Delivered, type React } from '../../platform/reaction.ts'
import { Refusal } from '../../platform/refusal.ts'
import { parseUuid, timeOfUuid } from '../../platform/uuid.ts'
import type { Facts } from '../application/ports.ts'
import { counted, type Fact, type FactKind, type ProductId } from '../domain/fact.ts'
import { orderFacts } from '../domain/order-facts.ts'
import { events } from './analytics-events.ts'
import { parseAmount, parseOrder, parseProductId } from './parse-order.ts'

type Name = keyof typeof events

/** Whoever can publish may have written an event; it is parsed only here. */
const factsOf: Readonly<Record<Name, (event: Delivered) => readonly Fact[]>> = {
  'count-confirmed': ({ data }) => orderFacts(parseOrder(data.order)),
  'count-paid': ({ data }) => orderFacts(parseOrder(data.order)),
  'count-revived': ({ data }) => orderFacts(parseOrder(data.order)),
  'count-refunded': refundFacts,
  'count-carted': cartedFacts,
  'count-checked-out': (event) => [ofCart('checked-out', event, orderIdOf(event))],
  'count-cart-ordered': (event) => [ofCart('cart-ordered', event, cartIdOf(event))],
}

export function analyticsReactions(facts: Facts): Readonly<Record<Name, React>> {
  const add = async (told: readonly (readonly Fact[])[]): Promise<readonly undefined[]> => {
    await facts.add(told.flat())
    return told.map(() => undefined)
  }
  const entries = Object.entries(events).map(([name, message]) => {
    return [name, reactTo(eventType(message), factsOf[name as Name], add)] as const // the keys of `events`
  })
  return Object.fromEntries(entries) as Record<Name, React>
}

function refundFacts(event: Delivered): readonly Fact[] {
  const { refundId, amountMinor, currency } = event.data
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency))
    throw new Refusal('invalid', 'message.invalid-refund', 'a refund has a currency')
  const subjectId = parseUuid(refundId, 'message.invalid-refund', "a refund's id")
  const amount = parseAmount(amountMinor, 'message.invalid-refund')
  return [{ ...counted('refunded', subjectId, timeOf(event)), amountMinor: amount, currency }]
}

/** A cart begins with its first item, and has each product in it once. */
function cartedFacts(event: Delivered): readonly Fact[] {
  const { productId } = (event.data.line ?? {}) as Readonly<Record<string, unknown>>
  const of = (product?: ProductId): Fact => counted('carted', cartIdOf(event), timeOf(event), product)
  return [of(), of(parseProductId(productId, 'message.invalid-cart'))]
}

const ofCart = (kind: FactKind, event: Delivered, subjectId: string): Fact =>
  counted(kind, subjectId, timeOf(event))

const cartIdOf = ({ data }: Delivered): string =>
  parseUuid(data.cartId, 'message.invalid-cart', "a cart's id")

const orderIdOf = ({ data }: Delivered): string =>
  parseUuid(data.orderId, 'message.invalid-order', "an order's id")

const timeOf = ({ trace }: Delivered): Date =>
  timeOfUuid(parseUuid(trace.causationId, 'message.invalid-event', "an event's id")) ?? new Date()
