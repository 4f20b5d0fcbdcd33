import { divideRounded } from '../../platform/allocate-money.ts'
import type { ShippingMethod, ShippingMethodId } from './rules.ts'

export type ShippingOffer = {
  readonly id: ShippingMethodId
  readonly version: number
  readonly name: string
  readonly priceMinor: bigint
  readonly estimate: string | undefined
}

export type Parcel = {
  readonly country: string
  readonly currency: string
  /** The goods, less what promotions take off them. */
  readonly goodsMinor: bigint
  readonly weightGrams: bigint
}

/** The methods that go to the country, cheapest first. A method in another currency than the goods' is not offered. */
export function offerShipping(methods: readonly ShippingMethod[], parcel: Parcel): readonly ShippingOffer[] {
  const { country, currency } = parcel
  return methods
    .filter((method) => method.currency === currency)
    .filter(({ countries }) => countries.length === 0 || countries.includes(country))
    .map((method) => {
      const { id, version, name, estimate } = method
      return { id, version, name, estimate, priceMinor: shippingPrice(method, parcel) }
    })
    .sort((a, b) => compare(a.priceMinor, b.priceMinor) || compare(a.id, b.id))
}

function shippingPrice(
  { priceMinor, perKilogramMinor = 0n, freeFromMinor }: ShippingMethod,
  { goodsMinor, weightGrams }: Parcel,
): bigint {
  if (freeFromMinor !== undefined && goodsMinor >= freeFromMinor) return 0n
  return priceMinor + divideRounded(perKilogramMinor * weightGrams, gramsPerKilogram)
}

const gramsPerKilogram = 1_000n

const compare = <Value extends bigint | string>(a: Value, b: Value): number => (a < b ? -1 : a > b ? 1 : 0)
