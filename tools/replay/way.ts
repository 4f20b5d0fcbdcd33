import type { Session } from './accounts.ts'
import type { PlannedInvoice } from './domain/plan.ts'
import type { SettledOrder } from './domain/settled-order.ts'
import { isPlaced, placeOrder, type Placed } from './orders.ts'
import type { Rest } from './rest.ts'

/** How invoices are bought. Whatever is repeated finds what was bought before. */
export type Way = {
  /** Asks whether the invoice has been placed before, without placing anything. */
  readonly isPlaced: (order: PlannedInvoice) => Promise<boolean>
  readonly place: (order: PlannedInvoice, productIds: ReadonlyMap<string, string>) => Promise<Placed>
  /** What has to be placed one after the other. */
  readonly chains: (orders: readonly PlannedInvoice[]) => readonly (readonly PlannedInvoice[])[]
  readonly isAtRest: (order: SettledOrder) => boolean
}

export type SessionOf = (customer: string) => Session

/** With `POST /orders`: nobody pays. */
export function throughOrders(rest: Rest, sessionOf: SessionOf): Way {
  return {
    isPlaced: ({ invoice, customer }) => isPlaced(rest, sessionOf(customer), invoice),
    place: (order, ids) => placeOrder(rest, sessionOf(order.customer), order, ids),
    chains: (orders) => orders.map((order) => [order]),
    isAtRest: ({ status }) => status !== 'pending',
  }
}
