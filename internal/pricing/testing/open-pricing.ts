import pg from 'pg'
import type { Test } from 'tap'
import { systemCall } from '../../platform/call.ts'
import { createLog } from '../../platform/log.ts'
import { newId } from '../../platform/new-id.ts'
import { createScope } from '../../platform/run.ts'
import { openPricingService, type Pricing } from '../open-pricing-service.ts'

export const system = systemCall('story')

/** The service on a database, as one replica has it. */
export async function openPricing(
  t: Test,
  url: string,
  options: { readonly currency?: string; readonly pricesIncludeTax?: boolean } = {},
): Promise<Pricing> {
  const log = createLog('test', 'silent')
  const scope = createScope(log, (err) => t.error(err))
  t.teardown(() => scope.close())
  const database = { url, applicationName: 'pricing', maxConnections: 5, statementTimeoutMs: 10_000 }
  return openPricingService(scope, { log, database, currency: 'EUR', pricesIncludeTax: false, ...options })
}

export async function openClient(t: Test, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  t.teardown(() => client.end())
  await client.connect()
  return client
}

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
