import { maxUnits, orderLimits } from './api-limits.ts'
import { classify, type GoodsLine, type Row } from './invoice-line.ts'

export type PlannedProduct = {
  readonly sku: string
  readonly name: string
  /** The price as the file has it; '0' when no line has a price. */
  readonly price: string
}

/** The order or the return of one invoice. Lines of the same product are merged. */
export type PlannedInvoice = {
  readonly invoice: string
  /** Empty for a guest. */
  readonly customer: string
  /** The units by SKU. */
  readonly lines: ReadonlyMap<string, number>
}

/** Everything that a file contains, in its order. */
export type Plan = {
  readonly products: readonly PlannedProduct[]
  readonly orders: readonly PlannedInvoice[]
  readonly returns: readonly PlannedInvoice[]
  /** The number of lines that are left out, by reason. */
  readonly leftOut: ReadonlyMap<string, number>
  /** The number of lines whose text was changed, by what was changed. */
  readonly changed: ReadonlyMap<string, number>
  /** What cannot be read in which line of the file. */
  readonly unreadable: readonly string[]
  readonly lines: number
}

/** By default the lines follow the header without a gap. */
export function planReplay(
  rows: readonly Row[],
  lineNumbers: readonly number[] = rows.map((_, index) => index + 2),
): Plan {
  const products = new Map<string, PlannedProduct>()
  const [orders, returns] = [new Map<string, Draft>(), new Map<string, Draft>()]
  const [leftOut, changed] = [new Map<string, number>(), new Map<string, number>()]
  const unreadable: string[] = []
  for (const [index, row] of rows.entries()) {
    const line = classify(row)
    if (line.kind === 'left out') {
      count(leftOut, line.reason, 1)
      if (line.unreadable !== undefined)
        unreadable.push(`line ${lineNumbers[index] ?? 0}: ${line.unreadable}`)
      continue
    }
    if (line.change !== '') count(changed, line.change, 1)
    products.set(line.sku, latest(products.get(line.sku), line))
    addLine(line.kind === 'sale' ? orders : returns, line)
  }
  const within = (drafts: Map<string, Draft>, what: string, isWithin: (draft: Draft) => boolean): Draft[] =>
    [...drafts.values()].filter((draft) => {
      if (!isWithin(draft)) count(leftOut, `${what} above the limits of the API`, draft.count)
      return isWithin(draft)
    })
  return {
    products: [...products.values()],
    orders: within(orders, 'orders', isPlaceable),
    returns: within(returns, 'returns', isBookable),
    leftOut,
    changed,
    unreadable,
    lines: rows.length,
  }
}

/** The units of each product in all of these invoices. */
export function unitsBySku(invoices: readonly PlannedInvoice[]): ReadonlyMap<string, number> {
  const units = new Map<string, number>()
  for (const { lines } of invoices) for (const [sku, quantity] of lines) count(units, sku, quantity)
  return units
}

type Draft = PlannedInvoice & { readonly lines: Map<string, number>; readonly count: number }

function addLine(drafts: Map<string, Draft>, { invoice, customer, sku, quantity }: GoodsLine): void {
  const draft = drafts.get(invoice) ?? { invoice, customer, lines: new Map<string, number>(), count: 0 }
  count(draft.lines, sku, quantity)
  const lines = draft.count + 1
  drafts.set(invoice, { ...draft, customer: oneCustomer(draft.customer, customer), count: lines })
}

/** Where the lines of an invoice name several customers, the order of the lines must not decide. */
const oneCustomer = (a: string, b: string): string =>
  [a, b].filter((customer) => customer !== '').sort()[0] ?? ''

/** Takes the last name that is not empty and the last price above zero. */
function latest(known: PlannedProduct | undefined, { sku, name, price }: GoodsLine): PlannedProduct {
  return {
    sku,
    name: name || known?.name || '',
    price: Number(price) > 0 ? price : (known?.price ?? '0'),
  }
}

const isPlaceable = ({ lines }: Draft): boolean =>
  lines.size <= orderLimits.lines && [...lines.values()].every((quantity) => quantity <= orderLimits.quantity)

const isBookable = ({ lines }: Draft): boolean =>
  [...lines.values()].every((quantity) => quantity <= maxUnits)

function count(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
