import type { Sql } from '../../platform/database.ts'
import type { ErasePeople } from '../../platform/erasure.ts'

/**
 * A delivery has nothing but ids, and why it was not sent in the words of a mail server, which may name the address. It stays
 * as long as others do, because its events go on to tell of it.
 */
const eraseSql = `
  update notifications.deliveries set failure = ''
  where recipient_type = 'user' and recipient_id = any($1::uuid[]) and failure <> ''`

const forgetSql = 'delete from notifications.preferences where user_id = any($1::uuid[])'

export const eraseRecipients =
  (sql: Sql): ErasePeople =>
  async (userIds) => {
    await sql.$executeRawUnsafe(eraseSql, userIds)
    await sql.$executeRawUnsafe(forgetSql, userIds)
    return userIds
  }
