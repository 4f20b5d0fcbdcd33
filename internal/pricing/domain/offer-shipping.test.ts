import t from 'tap'
import { shippingMethod } from '../testing/fixtures.ts'
import { offerShipping } from './offer-shipping.ts'

const parcel = { country: 'DE', currency: 'EUR', goodsMinor: 5_000n, weightGrams: 1_250n }

t.test('methods for the country and for every country are offered, cheapest first', async (t) => {
  const everywhere = shippingMethod({ priceMinor: 990n })
  const here = shippingMethod({ countries: ['FR', 'DE'], priceMinor: 490n, estimate: '2 days' })
  const methods = [
    everywhere,
    here,
    shippingMethod({ countries: ['FR'] }),
    shippingMethod({ currency: 'USD' }),
  ]
  t.strictSame(offerShipping(methods, parcel), [
    { id: here.id, version: 1, name: 'Standard', priceMinor: 490n, estimate: '2 days' },
    { id: everywhere.id, version: 1, name: 'Standard', priceMinor: 990n, estimate: undefined },
  ])
})

t.test('a price by weight is exact for the weight, rounded once', async (t) => {
  const priced = (weightGrams: bigint) =>
    offerShipping([shippingMethod({ perKilogramMinor: 130n })], { ...parcel, weightGrams })[0]?.priceMinor
  t.equal(priced(0n), 490n)
  t.equal(priced(1_250n), 653n) // 162.5 for the weight
})

t.test('goods from an amount on are sent for nothing, whatever they weigh', async (t) => {
  const priced = (goodsMinor: bigint) =>
    offerShipping([shippingMethod({ perKilogramMinor: 100n, freeFromMinor: 5_000n })], {
      ...parcel,
      goodsMinor,
    })[0]?.priceMinor
  t.equal(priced(5_000n), 0n)
  t.equal(priced(4_999n), 615n)
})
