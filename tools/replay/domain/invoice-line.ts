import { textLimits } from './api-limits.ts'
import { cleanText } from './clean-text.ts'
import { readDecimal, readWhole } from './read-number.ts'

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
  /** What was done to the name, as the report says it; empty for nothing. */
  readonly change: string
  /** Units, above zero in both kinds. */
  readonly quantity: number
  /** In plain digits: it is rounded when the currency is known. */
  readonly price: string
  /** Empty for a guest. */
  readonly customer: string
}

/** Why a line is left out, as the report says it. */
export type LeftOut = {
  readonly kind: 'left out'
  readonly reason: string
  /** What cannot be read. */
  readonly unreadable?: string
}

/** Five digits with at most two letters (a variant), or DCGS: what the web shop added to its catalogue later. */
const goods = /^(\d{5}[A-Z]{0,2}|DCGS\d+[A-Z]*)$/
const sale = /^\d+$/
const cancellation = /^C\d+$/
/** What the user name of an account may be made of. */
const account = /^[A-Z0-9]+([._-][A-Z0-9]+)*$/i
export const accountPrefix = 'customer-'

/**
 * The rule, in this order: an unreadable line, a bookkeeping entry and anything that is no goods (postage, fees, discounts,
 * samples, vouchers, manual entries) is left out. A C invoice with a quantity below zero is a return. A 6-digit invoice with a
 * quantity and a price above zero is a sale. What remains are corrections of stock (without a price), and left out.
 */
export function classify(row: Row): GoodsLine | LeftOut {
  const field = (column: Column): string => (row[column] ?? '').trim()
  const invoice = field('InvoiceNo').toUpperCase()
  const sku = field('StockCode').toUpperCase()
  const customer = customerOf(field('CustomerID'))
  const [units, price] = [readWhole(field('Quantity')), readDecimal(field('UnitPrice'))]
  if (units === undefined) return unreadable('Quantity', field('Quantity'))
  if (price === undefined) return unreadable('UnitPrice', field('UnitPrice'))
  if (!sale.test(invoice) && !cancellation.test(invoice)) return leftOut('bookkeeping entries')
  if (!goods.test(sku)) return leftOut('no goods')
  if (invoice.length > textLimits.key) return leftOut('invoice numbers above the limit of the API')
  if (sku.length > textLimits.sku) return leftOut('stock codes above the limit of the API')
  const { text: name, change } = cleanText(field('Description'), textLimits.name)
  const line = { invoice, sku, name, change, price, customer }
  if (cancellation.test(invoice)) {
    return units < 0 ? { ...line, kind: 'return', quantity: -units } : leftOut('returns without a quantity')
  }
  if (!isAccount(customer)) return leftOut('customers that can have no account')
  return units > 0 && Number(price) > 0
    ? { ...line, kind: 'sale', quantity: units }
    : leftOut('stock corrections and gifts')
}

/** Programs that know only numbers with a fraction write 17850 as 17850.0. */
const customerOf = (text: string): string => text.replace(/^(\d+)\.0+$/, '$1')

/** No customer is a guest. */
const isAccount = (customer: string): boolean =>
  customer === '' || (account.test(customer) && accountPrefix.length + customer.length <= textLimits.username)

const unreadable = (column: Column, text: string): LeftOut => ({
  ...leftOut('unreadable'),
  unreadable: `${column} ${JSON.stringify(cleanText(text, 40).text)}`,
})
const leftOut = (reason: string): LeftOut => ({ kind: 'left out', reason })
