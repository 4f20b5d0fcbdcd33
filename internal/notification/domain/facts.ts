/** What a message says, as its owners have told it. Amounts are minor units. */
export type Line = {
  readonly name: string
  readonly quantity: number
  readonly amountMinor: bigint
}

export type OrderFacts = {
  readonly orderId: string
  readonly currency: string
  readonly lines: readonly Line[]
  /** What a checkout has added and taken off; zero for an order of lines alone. */
  readonly shippingMinor: bigint
  readonly discountMinor: bigint
  /** Zero where prices are with tax. */
  readonly addedTaxMinor: bigint
  readonly totalMinor: bigint
  /** Why it was rejected, as the order says it; empty when it says nothing. */
  readonly reason: string
}

export type ParcelFacts = OrderFacts & {
  readonly carrier: string
  readonly trackingNumber: string
  readonly trackingUrl: string
}

export type HoldFacts = OrderFacts & { readonly holdUntil: Date }

export type RefundFacts = OrderFacts & { readonly amountMinor: bigint }

export type CartFacts = Omit<OrderFacts, 'orderId' | 'reason'>

export type LinkFacts = { readonly token: string; readonly minutes: number }

/** The words of each kind are written about these. */
export type FactsOf = {
  readonly 'account.welcome': object
  readonly 'account.email-verification': LinkFacts
  readonly 'account.password-reset': LinkFacts
  readonly 'order.placed': OrderFacts
  readonly 'order.confirmed': OrderFacts
  readonly 'order.rejected': OrderFacts
  readonly 'order.paid': OrderFacts
  readonly 'order.payment-failed': OrderFacts
  readonly 'order.hold-ending': HoldFacts
  readonly 'order.shipped': ParcelFacts
  readonly 'order.delivered': ParcelFacts
  readonly 'order.refunded': RefundFacts
  readonly 'return.requested': OrderFacts
  readonly 'return.approved': OrderFacts
  readonly 'return.declined': OrderFacts
  readonly 'return.received': OrderFacts
  readonly 'return.refunded': OrderFacts
  readonly 'cart.abandoned': CartFacts
}

/** An order as people name it: its id is too long for that. */
export const orderNumber = (orderId: string): string => orderId.slice(-8).toUpperCase()
