import t from 'tap'
import { testDatabase } from '../platform/testing/database.ts'
import { openClient, openPricing } from './testing/open-pricing.ts'
import { redemptionsContract } from './testing/redemptions-contract.ts'

const { url } = await testDatabase(t)
const { handlers } = await openPricing(t, url)
const { handlers: other } = await openPricing(t, url)

redemptionsContract(t, {
  ...{ handlers, other },
  async countRedemptions(ids) {
    const client = await openClient(t, url)
    const { rows } = await client.query('select 1 from pricing.redemptions where promotion_id = any ($1)', [
      ids,
    ])
    return rows.length
  },
})
