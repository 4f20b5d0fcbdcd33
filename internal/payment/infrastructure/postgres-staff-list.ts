import { recordActs } from '../../platform/activity.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import type { StaffList, SuspenseMoney } from '../application/staff-list.ts'
import type { OrderId, RefundId } from '../domain/ids.ts'

const openSql = `status not in ('succeeded', 'canceled', 'settled_manually')`

const isNoPayment =
  'not exists (select from payments.payments p where p.provider = s.provider and p.ref = s.ref)'

/** As `awaitsStaff` of the domain says it. */
const waitingSql = `
  select (
    select count(*)::int from payments.refunds r where ${openSql} and (status = 'failed' or (status = 'requested' and exists (
      select from payments.payments p where p.id = r.payment_id and p.provider = 'offline'
    )))
  ) as refunds, (
    select count(*)::int from payments.suspense s where resolved_at is null and ${isNoPayment}
  ) as suspense`

const noteSql = `update payments.suspense s set note = $3, resolved_at = $4
  where provider = $1 and ref = $2 and resolved_at is null`

export function postgresStaffList(sql: PoolSql): StaffList {
  return {
    async orderOfRefund(id) {
      const [row] = await sql.$queryRawUnsafe<readonly { readonly orderId: OrderId }[]>(
        'select order_id as "orderId" from payments.refunds where id = $1::uuid',
        id,
      )
      return row?.orderId
    },
    refunds: ({ status, after, limit }) =>
      sql.$queryRawUnsafe<readonly { readonly id: RefundId; readonly orderId: OrderId }[]>(
        `select id, order_id as "orderId" from payments.refunds
         where ${status === undefined ? openSql : 'status = $3'} and ($2::uuid is null or id > $2::uuid)
         order by id limit $1`,
        ...[limit, after ?? null, ...(status === undefined ? [] : [status])],
      ),
    async suspense(limit) {
      const rows = await sql.$queryRawUnsafe<
        readonly (Omit<SuspenseMoney, 'amountMinor'> & { readonly amountMinor: string })[]
      >(
        `select provider, ref, amount_minor::text as "amountMinor", currency, found_at as "foundAt"
         from payments.suspense s
         where resolved_at is null and ${isNoPayment} order by found_at limit $1`,
        limit,
      )
      return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }))
    },
    async waiting() {
      const [row] =
        await sql.$queryRawUnsafe<readonly { readonly refunds: number; readonly suspense: number }[]>(
          waitingSql,
        )
      return row ?? { refunds: 0, suspense: 0 }
    },
    async noteOf(provider, ref) {
      const [row] = await sql.$queryRawUnsafe<readonly { readonly note: string }[]>(
        'select note from payments.suspense where provider = $1 and ref = $2',
        ...[provider, ref],
      )
      return row?.note
    },
    async noteAssigned(provider, ref, note, at) {
      await sql.$executeRawUnsafe(noteSql, ...[provider, ref, note, at])
    },
    async noteGivenBack(provider, ref, note, at, trace) {
      await sql.transaction(async (tx) => {
        const values = [provider, ref, note, at]
        const noted = await tx.$executeRawUnsafe(`${noteSql} and ${isNoPayment}`, ...values)
        if (noted === 0 || !trace) return
        const [subjectId, after] = [`${provider} ${ref}`, { note }]
        await recordActs(tx, trace, [{ what: 'suspense.given_back', subjectId, after }])
      })
    },
  }
}
