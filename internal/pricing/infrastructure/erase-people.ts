import type { Sql } from '../../platform/database.ts'
import type { ErasePeople } from '../../platform/erasure.ts'

/**
 * Redemptions go on to count for their promotion, and for nobody: whoever they belonged to comes back as somebody else. The
 * key of an account is its id.
 */
const eraseSql = `update pricing.redemptions set customer_key = null where customer_key = any($1::text[])`

export const eraseCustomerKeys =
  (sql: Sql): ErasePeople =>
  async (userIds) => {
    await sql.$executeRawUnsafe(eraseSql, userIds)
    return userIds
  }
