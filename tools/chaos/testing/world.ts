import type { EndCart, EndCheckout } from '../end-buying.ts'
import type { EndOrder, EndState } from '../end-state.ts'
import type { Operation, Told } from '../history.ts'
import type { Attempts } from '../operations.ts'
import type { Rule } from '../rule.ts'

// An order of two mugs for 25.00, and what it takes to judge it.

export const emptyEnd: EndState = {
  ...{ orders: [], adjustments: [], available: new Map(), late: 0 },
  ...{ payments: [], refunds: [], unfinished: [], notOwed: new Map() },
  ...{ checkouts: [], carts: [], redemptions: [], documents: [] },
}

export const anOrder = (more: Partial<EndOrder> = {}): EndOrder => ({
  ...{ id: 'o1', key: 'k1', user: 'ann', status: 'paid', paymentStatus: 'paid', total: 25 },
  ...{ items: [{ productId: 'mug', quantity: 2 }], shortUnits: 0, history: ['pending', 'confirmed', 'paid'] },
  ...more,
})

export const aCheckout = (more: Partial<EndCheckout> = {}): EndCheckout => ({
  ...{ order: 'o1', cart: 'c1', version: 3, promotions: [], customerKey: 'ann' },
  ...more,
})

export const aCart = (more: Partial<EndCart> = {}): EndCart => ({
  ...{ id: 'c1', user: 'ann', status: 'ordered', order: 'o1', mergedInto: null },
  lines: [{ productId: 'mug', quantity: 2 }],
  ...more,
})

/** An operation that was answered once. */
export const did = (key: string, operation: Operation, told: Partial<Told> = {}): Attempts => ({
  ...{ key, operation, isDefinite: true },
  told: [{ t: 'told', key, attempt: 1, at: 1, status: 201, code: '', ...told }],
})

export const violatedIn = (rules: readonly Rule[]): readonly string[] =>
  rules.flatMap(({ name, violations }) => (violations > 0 ? [name] : []))
