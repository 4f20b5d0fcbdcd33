import pg from 'pg'
import type { Test } from 'tap'
import { createLog } from '../../platform/log.ts'
import { createScope } from '../../platform/run.ts'
import { openPricingService, type Pricing } from '../open-pricing-service.ts'
import { noErasures } from '../../platform/testing/no-erasures.ts'

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
  const shop = { currency: 'EUR', pricesIncludeTax: false, user: noErasures }
  return openPricingService(scope, { log, database, ...shop, ...options })
}

export async function openClient(t: Test, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  t.teardown(() => client.end())
  await client.connect()
  return client
}
