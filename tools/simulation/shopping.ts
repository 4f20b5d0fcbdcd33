/** How somebody pays, and what he does when he is sent to the provider's page, and how long after. */
export type WayToPay = {
  readonly method: 'card' | 'ideal' | 'paypal' | 'invoice'
  readonly token: string
  readonly page: 'approve' | 'decline' | 'leave'
  readonly pageAfterMs: number
}

/** What shoppers do with carts. The first shoppers are the customers, and the others are guests. */
export type CartStep =
  | {
      readonly do: 'add to cart'
      readonly shopper: number
      readonly product: number
      readonly quantity: number
      readonly isEngraved: boolean
      readonly key: number
    }
  /** Of a line; zero takes it out. */
  | {
      readonly do: 'change a quantity'
      readonly shopper: number
      readonly nth: number
      readonly quantity: number
    }
  | { readonly do: 'give a code'; readonly shopper: number; readonly code: number }
  /** A guest turns out to be a customer. */
  | { readonly do: 'log in'; readonly guest: number; readonly customer: number }
  | (WayToPay & {
      readonly do: 'check out'
      readonly shopper: number
      readonly key: number
      /** priced anew: a price changes after the shopper has seen the total. */
      readonly how: 'once' | 'twice' | 'old version' | 'wrong total' | 'priced anew'
      readonly hasKey: boolean
    })
  /** An earlier checkout, word for word. */
  | { readonly do: 'check out again'; readonly nth: number }
  | { readonly do: 'reopen'; readonly shopper: number }
  | { readonly do: 'reprice'; readonly product: number; readonly cents: number }

export const cartStepKinds: readonly CartStep['do'][] = [
  ...(['add to cart', 'change a quantity', 'give a code', 'log in'] as const),
  ...(['check out', 'check out again', 'reopen', 'reprice'] as const),
]

export const guestCount = 3

/** By this the payments that checkouts have begun are told from others. */
export const checkoutClient = 'checkout'
