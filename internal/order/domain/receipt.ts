import { lineTotal } from './line-money.ts'
import type { Order, OrderId, OrderLine, OrderStatus, UserId } from './order.ts'
import { shippingTotal } from './terms.ts'

/** What a receipt says was sold. Amounts are minor units; prices are with or without tax, as `taxIncluded` says. */
export type Supply = {
  readonly orderId: OrderId
  readonly userId: UserId | undefined
  readonly currency: string
  readonly lines: readonly SuppliedLine[]
  readonly shippingMinor: bigint
  readonly discountMinor: bigint
  readonly taxes: readonly {
    readonly ratePpm: number
    readonly netMinor: bigint
    readonly taxMinor: bigint
  }[]
  readonly totalMinor: bigint
  readonly taxIncluded: boolean
  readonly buyer: Buyer | undefined
}

export type SuppliedLine = Pick<OrderLine, 'id' | 'sku' | 'name' | 'quantity' | 'unitPriceMinor'> & {
  readonly discountMinor: bigint
  readonly taxRatePpm: number | undefined
  readonly taxMinor: bigint
}

export type Buyer = {
  readonly name: string
  readonly email: string
  readonly line1: string
  readonly line2: string
  readonly city: string
  readonly region: string
  readonly postalCode: string
  readonly country: string
}

const alive: readonly OrderStatus[] = ['paid', 'shipped', 'completed']

/**
 * An order has a receipt once its money was taken, also when it had been shipped before. Authorized money may still
 * lapse, so it is not enough. An order that has ended has none, and of zero nothing is to be taken.
 */
export const isReceiptDue = ({ moneyTaken, totalMinor, status }: Order): boolean =>
  (moneyTaken || totalMinor === 0n) && alive.includes(status)

/** What was sold: the lines without the units that were canceled, at what a checkout has frozen for them. */
export function supplyOf(order: Order): Supply {
  const { id, userId, currency, terms, buyer } = order
  const parts = order.lines.flatMap((_, index) => suppliedPart(order, index))
  const shipping = parts.length > 0 ? terms?.shipping : undefined
  const sending =
    terms && shipping
      ? [{ owedMinor: shippingTotal(terms), taxMinor: shipping.taxMinor, taxRatePpm: shipping.taxRatePpm }]
      : []
  const lines = parts.map(({ line }) => line)
  const all = [...parts.map(({ owedMinor, line }) => ({ owedMinor, ...line })), ...sending]
  return {
    ...{ orderId: id, userId, currency, lines, taxes: taxesOf(all) },
    shippingMinor: shipping?.priceMinor ?? 0n,
    discountMinor: lines.reduce((sum, line) => sum + line.discountMinor, shipping?.discountMinor ?? 0n),
    totalMinor: all.reduce((sum, { owedMinor }) => sum + owedMinor, 0n),
    taxIncluded: terms?.isTaxIncluded ?? true,
    buyer: buyer && { ...(buyer.billing ?? buyer.delivery), email: buyer.email },
  }
}

type SuppliedPart = { readonly owedMinor: bigint; readonly line: SuppliedLine }

/** What the units come to that were not canceled; the payments count in the same way. */
function suppliedPart(order: Order, index: number): readonly SuppliedPart[] {
  const line = order.lines[index]
  if (!line || line.canceled === line.quantity) return []
  const { id, sku, name, quantity, canceled, unitPriceMinor } = line
  const { taxMinor: wholeTax = 0n, taxRatePpm } = order.terms?.lines[index] ?? {}
  const rest = (minor: bigint): bigint => minor - (minor * BigInt(canceled)) / BigInt(quantity)
  const [left, owedMinor, taxMinor] = [quantity - canceled, rest(lineTotal(order, index)), rest(wholeTax)]
  const added = order.terms && !order.terms.isTaxIncluded ? taxMinor : 0n
  const discountMinor = unitPriceMinor * BigInt(left) + added - owedMinor
  const supplied = { id, sku, name, quantity: left, unitPriceMinor, discountMinor, taxRatePpm, taxMinor }
  return [{ owedMinor, line: supplied }]
}

type Taxed = {
  readonly owedMinor: bigint
  readonly taxMinor: bigint
  readonly taxRatePpm: number | undefined
}

/** What is owed has its tax in it, one way or the other. The highest rate first. */
function taxesOf(parts: readonly Taxed[]): Supply['taxes'] {
  const rates = new Map<number, { ratePpm: number; netMinor: bigint; taxMinor: bigint }>()
  for (const { owedMinor, taxMinor, taxRatePpm: ratePpm } of parts) {
    if (ratePpm === undefined) continue
    const before = rates.get(ratePpm) ?? { ratePpm, netMinor: 0n, taxMinor: 0n }
    rates.set(ratePpm, {
      ratePpm,
      netMinor: before.netMinor + owedMinor - taxMinor,
      taxMinor: before.taxMinor + taxMinor,
    })
  }
  return [...rates.values()].sort((a, b) => b.ratePpm - a.ratePpm)
}
