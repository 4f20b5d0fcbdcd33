import { systemCall } from '../../platform/call.ts'
import { newId } from '../../platform/new-id.ts'

export const system = systemCall('story')

/** A shipping method, and a change of one that changes nothing. */
export const standard = { name: 'Standard', countries: [], price: '4.90', perKilogram: '1', freeFrom: '50' }
export const unchanged = { countries: { replace: false, countries: [] }, cleared: [] }

/** A request for a quote of one line of 10.00, with nothing else in it. */
export const quoteOf = (productId: string) => ({
  lines: [
    {
      ...{ lineId: 'line', productId, category: 'kitchen', categoryPath: [] },
      ...{ unitPriceMinor: '1000', quantity: 1, weightGrams: 500 },
    },
  ],
  currency: 'EUR',
  destination: { country: 'DE', region: '', postalCode: '' },
  promotionCodes: [] as string[],
  fresh: false,
})

export const percentOff = (code?: string) => ({
  ...{ kind: 'percent', value: '10', products: [], categories: [] },
  ...(code !== undefined && { code }),
})

export const holdOf = (
  promotionIds: readonly string[],
  {
    orderId = newId(),
    hold = 1,
    customerKey,
  }: { orderId?: string; hold?: number; customerKey?: string } = {},
) => ({ orderId, hold, promotionIds, ...(customerKey !== undefined && { customerKey }) })
