import { currencyDecimals, toDecimal } from '../../../platform/money.ts'
import { numberText, taxMinorOf, type Receipt, type ReceiptLine } from '../../domain/receipt.ts'

/** What stands on the pages, as texts and in order. */
export type Sheet = {
  readonly title: string
  readonly facts: readonly Fact[]
  readonly seller: readonly string[]
  readonly buyer: readonly string[]
  readonly rows: readonly Row[]
  /** The last one is the total. */
  readonly sums: readonly Fact[]
  /** RFC 3339. It is also the file's date, so that a document gives the same bytes each time. */
  readonly issuedAt: string
}

export type Fact = readonly [what: string, value: string]

export type Row = {
  readonly name: string
  readonly sku: string
  readonly quantity: string
  readonly unitPrice: string
  readonly total: string
}

export function receiptSheet(receipt: Receipt): Sheet {
  const { kind, currency, credits, seller, buyer, issuedAt, orderId, lines } = receipt
  const number = numberText(receipt)
  const isCredit = kind === 'credit-note'
  const money = (minor: bigint): string => toDecimal(minor, currency).toFixed(currencyDecimals(currency))
  return {
    title: `${isCredit ? 'Credit note' : 'Receipt'} ${number}`,
    facts: [
      ['Date', issuedAt.toISOString().slice(0, 10)],
      ['Order', orderId],
      ...(credits ? [['For receipt', credits.receiptNumber] as const] : []),
      ['Currency', currency],
    ],
    seller: [
      seller.name,
      ...linesOf(seller.address),
      ...(seller.taxId === '' ? [] : [`Tax number ${seller.taxId}`]),
    ],
    buyer: buyer
      ? [
          buyer.name,
          buyer.line1,
          buyer.line2,
          `${buyer.postalCode} ${buyer.city}`.trim(),
          `${buyer.region} ${buyer.country}`.trim(),
          buyer.email,
        ].filter((text) => text !== '')
      : [],
    rows: lines.map((line) => rowOf(line, isCredit ? line.totalMinor : beforeDiscount(line), money)),
    sums: isCredit ? creditSums(receipt, money) : receiptSums(receipt, money),
    issuedAt: issuedAt.toISOString(),
  }
}

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

type Money = (minor: bigint) => string

function rowOf({ name, sku, quantity, unitPriceMinor }: ReceiptLine, minor: bigint, money: Money): Row {
  return {
    ...{ name: shortened(name), sku, quantity: String(quantity) },
    ...{ unitPrice: money(unitPriceMinor), total: money(minor) },
  }
}

/** A thousand lines with the longest names there are would not fit into an answer. */
const nameLength = 120

function shortened(name: string): string {
  const characters = Array.from(name)
  return characters.length > nameLength ? `${characters.slice(0, nameLength).join('')}...` : name
}

/** All discounts stand below the lines, together. */
const beforeDiscount = ({ unitPriceMinor, quantity }: ReceiptLine): bigint =>
  unitPriceMinor * BigInt(quantity)

function receiptSums(receipt: Receipt, money: Money): readonly Fact[] {
  const { lines, shippingMinor, discountMinor, totalMinor, taxIncluded } = receipt
  const items = lines.reduce((sum, line) => sum + beforeDiscount(line), 0n)
  return [
    ['Items', money(items)],
    ...(discountMinor > 0n ? [['Discount', `-${money(discountMinor)}`] as const] : []),
    ...(shippingMinor > 0n ? [['Shipping', money(shippingMinor)] as const] : []),
    ...taxFacts(receipt, money, taxIncluded ? 'included' : 'added'),
    ['Total', money(totalMinor)],
  ]
}

const creditSums = (receipt: Receipt, money: Money): readonly Fact[] => [
  ...taxFacts(receipt, money, 'included'),
  ['Total given back', money(receipt.totalMinor)],
]

function taxFacts(receipt: Receipt, money: Money, how: string): readonly Fact[] {
  const rates = receipt.taxes.map(({ ratePpm, netMinor, taxMinor }): Fact => {
    return [`Tax ${percentOf(ratePpm)} % on ${money(netMinor)} (${how})`, money(taxMinor)]
  })
  const net = receipt.totalMinor - taxMinorOf(receipt)
  return rates.length === 0 ? [] : [['Net', money(net)], ...rates]
}

/** Parts per million. */
const percentOf = (ratePpm: number): string => String(ratePpm / 10_000)
