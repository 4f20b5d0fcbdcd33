import type { Order, OrderId, OrderLine, OrderStatus, UserId } from './order.ts'

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

/** What was sold: the lines without the units that were canceled. */
export function supplyOf({ id, userId, currency, lines }: Order): Supply {
  const supplied = lines
    .map((line) => ({ ...line, quantity: line.quantity - line.canceled }))
    .filter(({ quantity }) => quantity > 0)
    .map(({ id: lineId, sku, name, quantity, unitPriceMinor }) => ({
      ...{ id: lineId, sku, name, quantity, unitPriceMinor },
      ...{ discountMinor: 0n, taxRatePpm: undefined, taxMinor: 0n },
    }))
  return {
    ...{ orderId: id, userId, currency, lines: supplied, shippingMinor: 0n, discountMinor: 0n, taxes: [] },
    totalMinor: supplied.reduce((sum, line) => sum + line.unitPriceMinor * BigInt(line.quantity), 0n),
    ...{ taxIncluded: true, buyer: undefined },
  }
}
