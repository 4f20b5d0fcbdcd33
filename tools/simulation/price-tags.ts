import { systemCall } from '../../internal/platform/call.ts'
import type { Parts } from './parts.ts'
import { newProcess } from './process.ts'
import { pricingOf } from './pricing-process.ts'

/** The codes that shoppers know: one that few can use, one for each customer, a gift, and free shipping. */
export const promotionCodes = ['FEW', 'MINE', 'GIFT', 'SHIP'] as const

export const country = 'US'

const everything = { products: [], categories: [] }

/** Makes the rules of prices before anything begins. */
export async function hangPriceTags(parts: Parts): Promise<void> {
  const { setup, stores, world } = parts
  if (!setup.carts) return
  const random = world.random('price tags')
  const app = pricingOf(parts, newProcess('price tags', 'client'), stores.pricing)
  const call = systemCall('')
  const none = { perKilogram: undefined, freeFrom: undefined, estimate: undefined }
  await app.shippingMethods.create({ name: 'Post', countries: [], price: '4.90', ...none }, call)
  await app.shippingMethods.create({ name: 'Pickup', countries: [country], price: '0', ...none }, call)
  const rates = [
    [undefined, 82_500],
    ['all', 70_000],
    ['shipping', 50_000],
  ] as const
  for (const [category, ratePpm] of rates)
    await app.taxRates.create({ country, region: undefined, category, ratePpm }, call)
  const [few, mine, gift, ship] = promotionCodes
  const { promotions } = app
  await promotions.create({ ...percent('20'), code: few, limit: random.integer(1, 3) }, call)
  await promotions.create(
    { ...everything, kind: 'amount', value: '1', code: mine, limitPerCustomer: 1 },
    call,
  )
  await promotions.create({ ...percent('100'), code: gift, limit: random.integer(1, 3) }, call)
  await promotions.create({ ...everything, kind: 'free-shipping', code: ship }, call)
  if (setup.carts.hasSale) await promotions.create(percent('5'), call)
}

const percent = (value: string) => ({ ...everything, kind: 'percent', value })
