import { isPaidByCard, moneyOf, type InvoiceMoney } from './invoice-money.ts'
import type { PlannedInvoice } from './plan.ts'
import { isHeld, type SettledOrder } from './settled-order.ts'

/** What was taken for an order, in minor units. */
export type Taken = {
  /** As our payments say. */
  readonly captured: bigint
  readonly refunded: bigint
  /** As the payment sandbox says; undefined where nobody could ask it. */
  readonly atProvider: bigint | undefined
}

export type BoughtOrder = {
  readonly planned: PlannedInvoice
  readonly order: SettledOrder
  readonly taken: Taken
}

export type MoneyComparison = {
  readonly compared: number
  readonly byCard: number
  /** Minor units: what all compared orders come to, what of it is paid by card, and what was taken. */
  readonly ordered: bigint
  readonly dueByCard: bigint
  readonly taken: bigint
  /** Undefined where the provider could not be asked. */
  readonly takenAtProvider: bigint | undefined
  /** The orders that do not agree, in words. */
  readonly disagreeing: readonly string[]
}

type Wanted = {
  /** The identity of the file. An order that another file has placed has the prices of that one. */
  readonly file: string
  readonly prices: ReadonlyMap<string, bigint>
  readonly decimals: number
}

/** Compares every cent of the orders whose stock is held, and that nothing was taken for any other. */
export function compareMoney(bought: readonly BoughtOrder[], wanted: Wanted): MoneyComparison {
  const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, amount) => all + amount, 0n)
  const due = bought.map((one) => ({ ...one, due: isHeld(one.order) ? dueOf(one, wanted) : undefined }))
  const held = due.flatMap((one) => (one.due ? [{ ...one, total: one.due.total }] : []))
  const byCard = held.filter(({ planned }) => isPaidByCard(planned.invoice))
  const atProvider = bought.map(({ taken }) => taken.atProvider)
  return {
    compared: bought.length,
    byCard: byCard.length,
    ordered: sum(held.map(({ total }) => total)),
    dueByCard: sum(byCard.map(({ total }) => total)),
    taken: sum(bought.map(({ taken }) => taken.captured - taken.refunded)),
    takenAtProvider: atProvider.includes(undefined)
      ? undefined
      : sum(atProvider.map((amount) => amount ?? 0n)),
    disagreeing: due.flatMap((one) => disagreement(one, one.due, wanted.decimals)),
  }
}

function dueOf({ planned, order: { shown } }: BoughtOrder, { file, prices, decimals }: Wanted): InvoiceMoney {
  const isOwn = shown.deliveryAddress?.line2 === file
  const shownPrices = new Map(shown.items.map(({ sku, unitPrice }) => [sku, minorOf(unitPrice, decimals)]))
  const pricing = { decimals, isTaxIncluded: shown.taxIncluded ?? false }
  return moneyOf(planned.lines, { ...pricing, prices: isOwn ? prices : shownPrices })
}

function disagreement(
  { planned, order, taken }: BoughtOrder,
  due: InvoiceMoney | undefined,
  decimals: number,
): readonly string[] {
  const { shown } = order
  const isCard = isPaidByCard(planned.invoice)
  const wanted = due && isCard ? due.total : 0n
  const pairs: readonly (readonly [what: string, actual: bigint | undefined, expected: bigint])[] = [
    ...(due ? amountsOf(shown, due, decimals) : []),
    ['taken', taken.captured - taken.refunded, wanted],
    ['taken by the provider', taken.atProvider ?? wanted, wanted],
  ]
  const wrong = pairs
    .filter(([, actual, expected]) => actual !== expected)
    .map(([what, actual, expected]) => `${what} is ${actual ?? 'nothing'} instead of ${expected}`)
  if (due && isCard && shown.paymentStatus !== 'paid') wrong.push(`its money is ${shown.paymentStatus}`)
  if (wrong.length === 0) return []
  return [`order ${order.id} of invoice ${planned.invoice}, in minor units: ${wrong.join(', ')}`]
}

function amountsOf(
  { items, shipping, discount, tax, total }: SettledOrder['shown'],
  due: InvoiceMoney,
  decimals: number,
): readonly (readonly [string, bigint, bigint])[] {
  const minor = (amount: number): bigint => minorOf(amount, decimals)
  const goods = items.reduce((sum, { quantity, unitPrice }) => sum + BigInt(quantity) * minor(unitPrice), 0n)
  return [
    ['the goods', goods, due.items],
    ['shipping', minor(shipping), due.shipping],
    ['the discount', minor(discount), 0n],
    ['tax', minor(tax), due.tax],
    ['the total', minor(total), due.total],
  ]
}

/** The API writes amounts exactly, so that rounding only undoes the binary form. */
export const minorOf = (amount: number, decimals: number): bigint =>
  BigInt(Math.round(Number(`${amount}e${decimals}`)))
