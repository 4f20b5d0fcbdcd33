import { newId } from '../../platform/new-id.ts'
import type { Purchase } from '../domain/buy.ts'
import type { CartId, PaymentId, Terms } from '../domain/terms.ts'
import { newOrderId, newProductId, newUserId } from './fixtures.ts'

type Wanted = {
  readonly lines?: readonly {
    readonly price: bigint
    readonly quantity: number
    /** Percent. */
    readonly discount: number
    readonly tax: bigint
  }[]
  readonly shipping?: bigint
  readonly shippingTax?: bigint
  readonly isTaxIncluded?: boolean
}

const usual = [{ price: 250n, quantity: 2, discount: 10, tax: 90n }]
const hundred = 100n

/** What a checkout has frozen: by default two units with a discount, sent, and taxed on top. */
export function purchase(wanted: Wanted = {}): Purchase {
  const { lines = usual, shipping = 500n, shippingTax = 100n, isTaxIncluded = false } = wanted
  const priced = lines.map(({ price, quantity, discount, tax }) => {
    const itemsMinor = price * BigInt(quantity)
    return {
      price,
      quantity,
      itemsMinor,
      discountMinor: (itemsMinor * BigInt(discount)) / hundred,
      taxMinor: tax,
    }
  })
  const sum = (of: (line: (typeof priced)[number]) => bigint): bigint =>
    priced.reduce((all, line) => all + of(line), 0n)
  const discountMinor = sum((line) => line.discountMinor)
  const taxMinor = sum((line) => line.taxMinor) + shippingTax
  const terms: Terms = {
    cart: { id: newId() as CartId, version: 3 },
    lines: priced.map((line) => ({
      ...{ attributes: '', discountMinor: line.discountMinor, taxMinor: line.taxMinor, taxRatePpm: 200_000 },
    })),
    shipping: {
      ...{ methodId: newId(), name: 'Post', priceMinor: shipping, discountMinor: 0n },
      ...{ taxMinor: shippingTax, taxRatePpm: 200_000 },
    },
    ...{ discountMinor, taxMinor, isTaxIncluded },
    taxLines: [{ ratePpm: 200_000, netMinor: taxMinor * 5n, taxMinor }],
    ...{ promotions: [], steps: [], customerKey: newId(), paysOffline: false },
  }
  return {
    ...{ id: newOrderId(), userId: newUserId(), currency: 'EUR', terms },
    lines: priced.map(({ price, quantity }) => ({
      ...{ productId: newProductId(), sku: 'SKU-1', name: 'A thing', quantity, unitPriceMinor: price },
    })),
    totalMinor: sum((line) => line.itemsMinor) - discountMinor + shipping + (isTaxIncluded ? 0n : taxMinor),
    buyer: { email: '', delivery: address, billing: undefined },
    firstPayment: {
      ...{ id: newId() as PaymentId, method: 'card', token: 'pm_card_visa', returnUrl: '', client: '' },
    },
    holdUntil: undefined,
  }
}

export const address = {
  ...{ name: 'Ada', line1: '12 St James Square', line2: '', city: 'London', region: '' },
  ...{ postalCode: 'SW1Y 4JH', country: 'GB', phone: '' },
}
