import type { Plan, PlannedInvoice } from './plan.ts'
import { readOpenings } from './opening.ts'

/** How an invoice is bought: with `POST /orders`, or through a cart and `POST /checkout`. */
export const ways = ['orders', 'checkout'] as const
export type Through = (typeof ways)[number]

const mark = '/checkout'

/** The identity of a file that is replayed in this way. Whoever reads it in a product knows the way. */
export const identityOf = (file: string, through: Through): string =>
  through === 'checkout' ? `${file}${mark}` : file

const wayOf = (file: string): Through => (file.endsWith(mark) ? 'checkout' : 'orders')

/** The other way, if anything was replayed in it: its invoices would not be found, and would be placed twice. */
export function otherWay(descriptions: Iterable<string>, file: string): Through | undefined {
  const wanted = wayOf(file)
  for (const description of descriptions) {
    const other = readOpenings(description).find((opening) => wayOf(opening.file) !== wanted)
    if (other) return wayOf(other.file)
  }
  return undefined
}

/** A user has one cart at a time, and an eighth of the guests' invoices waits for one cart. */
const guestAccounts = 8n

/** Gives each guest's invoice an account, always the same one. */
export const withGuestAccounts = (plan: Plan): Plan => ({
  ...plan,
  orders: plan.orders.map((order) =>
    order.customer === '' ? { ...order, customer: `guest-${BigInt(order.invoice) % guestAccounts}` } : order,
  ),
})

/** The invoices of one cart, in the file's order. What takes longest begins first. */
export function byCustomer(orders: readonly PlannedInvoice[]): readonly (readonly PlannedInvoice[])[] {
  const chains = new Map<string, PlannedInvoice[]>()
  for (const order of orders) {
    const chain = chains.get(order.customer) ?? []
    chain.push(order)
    chains.set(order.customer, chain)
  }
  const linesOf = (chain: readonly PlannedInvoice[]): number =>
    chain.reduce((sum, { lines }) => sum + lines.size, 0)
  return [...chains.values()].sort((a, b) => linesOf(b) - linesOf(a))
}
