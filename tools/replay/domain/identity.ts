import type { Plan, PlannedInvoice } from './plan.ts'

/**
 * What makes a file the same file: its orders and returns with their lines. The encoding, the quoting, the order of
 * lines and columns, names and prices are no part of it.
 */
export function canonicalText({ orders, returns }: Pick<Plan, 'orders' | 'returns'>): string {
  const placed = orders.map((order) => [order.invoice, order.customer.toLowerCase(), linesOf(order)])
  const returned = returns.map((planned) => [planned.invoice, linesOf(planned)])
  return JSON.stringify([placed, returned].map((list) => list.map((entry) => JSON.stringify(entry)).sort()))
}

const linesOf = ({ lines }: PlannedInvoice): readonly string[] =>
  [...lines].map(([sku, quantity]) => `${sku} ${quantity}`).sort()
