export const columns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'UnitPrice',
  'CustomerID',
] as const

type Column = (typeof columns)[number]
export type Row = Readonly<Record<string, string>>

export type GoodsLine = {
  readonly kind: 'sale' | 'return'
  readonly invoice: string
  readonly sku: string
  readonly name: string
  /** Units, above zero in both kinds. */
  readonly quantity: number
  /** As it is written: it is rounded when the currency is known. */
  readonly price: string
  /** Empty for a guest. */
  readonly customer: string
}

/** Why a line is left out, as the report says it. */
export type LeftOut = { readonly kind: 'left out'; readonly reason: string }

/** Five digits with at most two letters (a variant), or DCGS: what the web shop added to its catalogue later. */
const goods = /^(\d{5}[A-Z]{0,2}|DCGS\d+[A-Z]*)$/
const sale = /^\d+$/
const cancellation = /^C\d+$/
const wholeNumber = /^-?\d{1,9}$/
const decimal = /^-?\d{1,9}(\.\d{1,6})?$/

/**
 * The rule, in this order: an unreadable line, a bookkeeping entry and anything that is no goods (postage, fees, discounts,
 * samples, vouchers, manual entries) is left out. A C invoice with a quantity below zero is a return. A 6-digit invoice with a
 * quantity and a price above zero is a sale. What remains are corrections of stock (without a price), and left out.
 */
export function classify(row: Row): GoodsLine | LeftOut {
  const field = (column: Column): string => (row[column] ?? '').trim()
  const invoice = field('InvoiceNo').toUpperCase()
  const sku = field('StockCode').toUpperCase()
  const [quantity, price] = [field('Quantity'), field('UnitPrice')]
  if (!wholeNumber.test(quantity) || !decimal.test(price)) return leftOut('unreadable')
  if (!sale.test(invoice) && !cancellation.test(invoice)) return leftOut('bookkeeping entries')
  if (!goods.test(sku)) return leftOut('no goods')
  const line = { invoice, sku, name: field('Description'), price, customer: field('CustomerID') }
  const units = Number(quantity)
  if (cancellation.test(invoice)) {
    return units < 0 ? { ...line, kind: 'return', quantity: -units } : leftOut('returns without a quantity')
  }
  return units > 0 && Number(price) > 0
    ? { ...line, kind: 'sale', quantity: units }
    : leftOut('stock corrections and gifts')
}

const leftOut = (reason: string): LeftOut => ({ kind: 'left out', reason })
