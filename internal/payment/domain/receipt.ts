import { Refusal } from '../../platform/refusal.ts'
import type { OrderId, ReceiptId, RefundId, UserId } from './ids.ts'

export type TaxPart = { readonly ratePpm: number; readonly netMinor: bigint; readonly taxMinor: bigint }

export type ReceiptLine = {
  readonly lineId: string
  readonly sku: string
  readonly name: string
  readonly quantity: number
  readonly unitPriceMinor: bigint
  readonly discountMinor: bigint
  readonly totalMinor: bigint
  /** Undefined: no rate applies. */
  readonly taxRatePpm: number | undefined
  /** Undefined on credit notes, which have tax for each rate only. */
  readonly taxMinor: bigint | undefined
}

export type Seller = { readonly name: string; readonly address: string; readonly taxId: string }

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

/** What was sold, or what of it is given back. Amounts are minor units and never negative. */
export type Goods = {
  readonly currency: string
  readonly lines: readonly ReceiptLine[]
  readonly shippingMinor: bigint
  readonly discountMinor: bigint
  /** Each rate once; what no rate applies to is in none. */
  readonly taxes: readonly TaxPart[]
  readonly totalMinor: bigint
  readonly taxIncluded: boolean
}

/** What is covered, as the service that has sold it says. */
export type Supply = Goods & {
  readonly orderId: OrderId
  readonly userId: UserId | undefined
  /** Unique among all documents. */
  readonly cause: string
  readonly buyer: Buyer | undefined
}

/** A document that has no number yet. */
export type Draft = Supply & {
  readonly id: ReceiptId
  readonly kind: 'receipt' | 'credit-note'
  /** Of a credit note. */
  readonly credits: Credited | undefined
  readonly seller: Seller
}

export type Credited = {
  readonly receiptId: ReceiptId
  readonly receiptNumber: string
  readonly refundId: RefundId | undefined
}

export type Receipt = Draft & {
  readonly series: string
  readonly number: bigint
  /** When it got its number, so that within a series later numbers are not older. */
  readonly issuedAt: Date
}

/** Numbers sort as texts up to a million of a series. */
const digits = 6

export const numberText = ({ series, number }: Pick<Receipt, 'series' | 'number'>): string =>
  `${series}-${String(number).padStart(digits, '0')}`

export const taxMinorOf = ({ taxes }: Pick<Goods, 'taxes'>): bigint =>
  taxes.reduce((sum, { taxMinor }) => sum + taxMinor, 0n)

/** What the receipt says is checked once more, for it can't be mended later. */
export function refuseUnsound(goods: Goods): void {
  const { lines, shippingMinor, discountMinor, taxes, totalMinor, taxIncluded } = goods
  const sumOf = (amountOf: (line: ReceiptLine) => bigint): bigint =>
    lines.reduce((sum, line) => sum + amountOf(line), 0n)
  const items = sumOf(({ unitPriceMinor, quantity }) => unitPriceMinor * BigInt(quantity))
  const tax = taxMinorOf(goods)
  const isSound =
    lines.every(
      (line) => line.totalMinor === line.unitPriceMinor * BigInt(line.quantity) - line.discountMinor,
    ) &&
    sumOf((line) => line.discountMinor) <= discountMinor &&
    totalMinor === items + shippingMinor - discountMinor + (taxIncluded ? 0n : tax) &&
    new Set(taxes.map(({ ratePpm }) => ratePpm)).size === taxes.length &&
    taxes.reduce((sum, { netMinor }) => sum + netMinor, tax) <= totalMinor
  if (!isSound) throw new Refusal('invalid', 'receipt.invalid', 'the amounts of the receipt do not add up')
}
