import { classify, type GoodsLine, type Row } from './invoice-line.ts'

/** The API's limits for one order. */
export const orderLimits = { lines: 1_000, quantity: 100_000 } as const

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
  readonly lines: number
}

export function planReplay(rows: readonly Row[]): Plan {
  const products = new Map<string, PlannedProduct>()
  const orders = new Map<string, Draft>()
  const returns = new Map<string, Draft>()
  const leftOut = new Map<string, number>()
  for (const row of rows) {
    const line = classify(row)
    if (line.kind === 'left out') {
      count(leftOut, line.reason, 1)
      continue
    }
    products.set(line.sku, latest(products.get(line.sku), line))
    addLine(line.kind === 'sale' ? orders : returns, line)
  }
  const placeable = [...orders.values()].filter((order) => {
    if (isWithinLimits(order)) return true
    count(leftOut, 'orders above the limits of the API', order.count)
    return false
  })
  return {
    products: [...products.values()],
    orders: placeable,
    returns: [...returns.values()],
    leftOut,
    lines: rows.length,
  }
}

/** The units of each product in all of these invoices. */
export function unitsBySku(invoices: readonly PlannedInvoice[]): ReadonlyMap<string, number> {
  const units = new Map<string, number>()
  for (const { lines } of invoices) for (const [sku, quantity] of lines) count(units, sku, quantity)
  return units
}

type Draft = PlannedInvoice & { readonly lines: Map<string, number>; count: number }

function addLine(drafts: Map<string, Draft>, { invoice, customer, sku, quantity }: GoodsLine): void {
  const draft = drafts.get(invoice) ?? { invoice, customer, lines: new Map<string, number>(), count: 0 }
  count(draft.lines, sku, quantity)
  draft.count++
  drafts.set(invoice, draft)
}

/** Takes the last name that is not empty and the last price above zero. */
function latest(known: PlannedProduct | undefined, { sku, name, price }: GoodsLine): PlannedProduct {
  return {
    sku,
    name: name || known?.name || '',
    price: Number(price) > 0 ? price : (known?.price ?? '0'),
  }
}

const isWithinLimits = ({ lines }: Draft): boolean =>
  lines.size <= orderLimits.lines && [...lines.values()].every((quantity) => quantity <= orderLimits.quantity)

function count(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
