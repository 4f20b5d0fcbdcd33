import type { Terms } from './terms.ts'

/**
 * What becomes of the cart that an order was made of, and of the promotions that it holds. taken: the cart is ordered,
 * though the money, which a bank has in hand or which comes outside of providers, may fail to; the promotions stay held. Undefined: not decided yet.
 */
export type CartFate = 'taken' | 'ordered' | 'given-back'

/** Those of an order. */
type Status = 'pending' | 'confirmed' | 'rejected' | 'paid' | 'shipped' | 'completed' | 'canceled' | 'expired'

type Fated = { readonly status: Status; readonly terms: Terms | undefined; readonly cartTaken: boolean }

export function cartFate({ status, terms, cartTaken }: Fated): CartFate | undefined {
  if (!terms) return undefined
  switch (status) {
    case 'pending':
      return undefined
    case 'confirmed':
      return terms.paysOffline || cartTaken ? 'taken' : undefined
    case 'paid':
    case 'shipped':
    case 'completed':
      return 'ordered'
    case 'rejected':
    case 'canceled':
    case 'expired':
      return 'given-back'
  }
}
