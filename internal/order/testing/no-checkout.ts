import { Refusal } from '../../platform/refusal.ts'
import type { OrderServiceOptions } from '../open-order-service.ts'
import type { Prices } from '../application/prices.ts'
import type { CheckoutApp } from '../infrastructure/checkout-rpc.ts'

// For tests in which nobody has a cart.

const nobody = async (): Promise<never> => {
  throw new Refusal('invalid', 'cart.not-found', 'nobody has a cart here')
}

export const noPrices: Prices = {
  quote: nobody,
  reserve: async () => [],
  release: async () => undefined,
  confirm: async () => undefined,
}

export const noCheckout: Omit<CheckoutApp, 'listOrderPayments'> = { checkout: nobody, reopenCart: nobody }

/** What the sweeper does for orders of carts. */
export const noCheckoutSweep = { untold: async () => [], followUp: async () => [], reap: async () => 0 }

/** The same, a level below. */
export const noCartCalls = {
  cart: {
    ...{ getCart: nobody, lockCart: nobody, unlockCart: nobody, orderCart: nobody },
    listLockedCarts: async () => ({ carts: [] }),
  },
  pricing: {
    quote: nobody,
    reserveRedemptions: nobody,
    releaseRedemptions: nobody,
    confirmRedemptions: nobody,
  },
  ...{ paymentHoldSeconds: 900, actionHoldSeconds: 3_600, withdrawalDays: 14 },
} satisfies Pick<
  OrderServiceOptions,
  'cart' | 'pricing' | 'paymentHoldSeconds' | 'actionHoldSeconds' | 'withdrawalDays'
>
