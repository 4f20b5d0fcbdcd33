import type { ErasePeople } from '../../platform/erasure.ts'
import type { Sql } from '../../platform/database.ts'

/** Where the carts of guests went that became theirs, these have an address of theirs as well. */
const theirs = `(
  user_id = any($1::uuid[])
  or merged_into in (select id from carts.carts where user_id = any($1::uuid[]))
)`

/**
 * An address is told of in no event, and what is in a cart nobody can buy any more, or it stands in an order or in another
 * cart. So the version stays, and whoever still writes on it is corrected by the next round.
 */
const eraseSql = `
  update carts.carts set delivery = null,
    lines = case when status = 'locked' then lines else '[]' end,
    promotion_codes = case when status = 'locked' then promotion_codes else '[]' end,
    quiet_from = null
  where ${theirs} and (delivery is not null
    or status <> 'locked' and (lines <> '[]' or promotion_codes <> '[]'))`

/** Removes where their carts are delivered to and what is in them, unless an order is just being made of it. */
export const eraseCarts =
  (sql: Sql): ErasePeople =>
  async (userIds) => {
    await sql.$executeRawUnsafe(eraseSql, userIds)
    return userIds
  }
