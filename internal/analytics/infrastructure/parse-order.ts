import { Refusal } from '../../platform/refusal.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { ProductId } from '../domain/fact.ts'
import type { OrderedLine, ToldOrder } from '../domain/order-facts.ts'

type Unchecked = Readonly<Record<string, unknown>>

const code = 'message.invalid-order'

/** An order of an event, which anybody may have written. */
export function parseOrder(told: unknown): ToldOrder {
  const order = objectIn(told)
  const { currency, totalMinor } = order
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) throw invalid('it has a currency')
  const terms = listIn(order.terms ?? [])
  return {
    id: parseUuid(order.id, code, "an order's id"),
    lines: listIn(order.items).map(lineOf),
    totalMinor: parseAmount(totalMinor, code),
    currency,
    history: listIn(order.history).map(momentOf),
    isPaidFirst: terms.length > 0 && terms[0]?.paysOffline !== true,
  }
}

function lineOf({ productId, quantity, unitPriceMinor }: Unchecked): OrderedLine {
  if (typeof quantity !== 'number' || !Number.isSafeInteger(quantity) || quantity < 1 || quantity > 1e9)
    throw invalid('its quantities are whole numbers')
  const unitPrice = parseAmount(unitPriceMinor, code)
  return { productId: parseProductId(productId, code), quantity, unitPriceMinor: unitPrice }
}

function momentOf({ status, at }: Unchecked): ToldOrder['history'][number] {
  const time = new Date(typeof at === 'string' ? at : Number.NaN)
  if (typeof status !== 'string' || Number.isNaN(time.getTime())) throw invalid('its history has times')
  return { status, at: time }
}

export const parseProductId = (id: unknown, refusedWith: string): ProductId =>
  parseUuid(id, refusedWith, "a product's id") as ProductId

/** Minor units of a currency. */
export function parseAmount(minor: unknown, refusedWith: string): bigint {
  if (typeof minor === 'string' && /^\d{1,15}$/.test(minor)) return BigInt(minor)
  throw new Refusal('invalid', refusedWith, 'an amount must be a number of minor units')
}

const listIn = (value: unknown): readonly Unchecked[] => {
  if (!Array.isArray(value)) throw invalid('it has lines and a history')
  return value.map(objectIn)
}

function objectIn(value: unknown): Unchecked {
  if (typeof value !== 'object' || value === null) throw invalid('it is an object')
  return value as Unchecked // its fields are checked one by one
}

const invalid = (what: string): Refusal => new Refusal('invalid', code, `of an order: ${what}`)
