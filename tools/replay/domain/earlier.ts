import { unitsBySku, type Plan, type PlannedInvoice } from './plan.ts'

/** What was there of a file before this run, placed and booked by whichever file. */
export type Earlier = {
  /** The orders that hold stock, as the file has them. */
  readonly held: readonly PlannedInvoice[]
  /** The invoices of the file that exist as orders, with whichever lines and status. */
  readonly orders: ReadonlySet<string>
  /** Each line of a return under whose key something was booked, with the units that were. */
  readonly returns: readonly BookedLine[]
}

export type BookedLine = { readonly invoice: string; readonly sku: string; readonly units: number }

export const nothingEarlier: Earlier = { held: [], orders: new Set(), returns: [] }

/** Where a product stands: the units of the file's invoices. */
export type Standing = {
  readonly held: number
  readonly returned: number
  /** The units of orders that do not exist yet. */
  readonly open: number
  /** There are orders to place or returns to book. */
  readonly isOpen: boolean
}

export function standingOf(plan: Plan, earlier: Earlier): (sku: string) => Standing {
  const held = unitsBySku(earlier.held)
  const open = unitsBySku(plan.orders.filter(({ invoice }) => !earlier.orders.has(invoice)))
  const booked = new Map(earlier.returns.map((line) => [keyOf(line.invoice, line.sku), line.units]))
  const returned = new Map<string, number>()
  const openReturns = new Set<string>()
  for (const { invoice, lines } of plan.returns) {
    for (const [sku, units] of lines) {
      const before = booked.get(keyOf(invoice, sku))
      if (before === undefined) openReturns.add(sku)
      // Other units under this key are another file's. They can't be booked, and this file doesn't count them.
      if (before === units) returned.set(sku, (returned.get(sku) ?? 0) + units)
    }
  }
  return (sku) => ({
    held: held.get(sku) ?? 0,
    returned: returned.get(sku) ?? 0,
    open: open.get(sku) ?? 0,
    isOpen: open.has(sku) || openReturns.has(sku),
  })
}

const keyOf = (invoice: string, sku: string): string => `${invoice} ${sku}`
