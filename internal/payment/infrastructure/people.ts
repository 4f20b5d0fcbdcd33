import type { Sql } from '../../platform/database.ts'
import type { ErasePeople } from '../../platform/erasure.ts'
import type { TakeOver } from '../application/take-over.ts'

// What tells of a person in the payments: the digest of the address that they paid from, and where they were to be sent
// back to. Receipts keep their buyer for as long as the law says, closed to all but staff with the permission.

const eraseSql = `
  update payments.payments set client = '', return_url = ''
  where user_id = any($1::uuid[]) and (client <> '' or return_url <> '')`

const ended = `('captured', 'failed', 'canceled', 'expired', 'voided', 'lapsed')`

/** A payment is over that the entries have ended, whatever follows of disputes. */
const openSql = `
  select exists (
    select from payments.payments where user_id = $1::uuid and status not in ${ended}
  ) or exists (
    select from payments.refunds r join payments.gates g on g.order_id = r.order_id
    where g.user_id = $1::uuid and r.status not in ('succeeded', 'canceled', 'settled_manually')
  ) as open`

export const erasePayers =
  (sql: Sql): ErasePeople =>
  async (userIds) => {
    await sql.$executeRawUnsafe(eraseSql, userIds)
    return userIds
  }

/** The gate's revision rises, because whoever changes its account checks by it whether it is still as it was. */
const takeOverSql = `
  with locked as (
    select order_id from payments.gates where order_id = any($1::uuid[]) and user_id is null order by order_id for update
  ), theirs as (
    update payments.gates g set user_id = $2::uuid, revision = revision + 1
    from locked l where g.order_id = l.order_id returning g.order_id
  )
  update payments.payments p set user_id = $2::uuid from theirs t where p.order_id = t.order_id`

export const takeOver =
  (sql: Sql): TakeOver =>
  async (orderIds, userId) => {
    await sql.$executeRawUnsafe(takeOverSql, orderIds, userId)
  }

/** Whether a payment or a refund of this person has not ended. */
export const openMoney =
  (sql: Sql) =>
  async (userId: string): Promise<boolean> => {
    const [row] = await sql.$queryRawUnsafe<readonly { readonly open: boolean }[]>(openSql, userId)
    return row?.open ?? false
  }
