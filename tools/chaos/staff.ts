import { query } from '../shared/database.ts'
import type { Field } from './field.ts'
import type { Person } from './paying-steps.ts'
import { isDone, patientClient } from './patient.ts'
import type { ShopHttp } from './shop-http.ts'

export type Staff = { readonly http: ShopHttp; readonly admin: Person }

type Waiting = { readonly id: string; readonly provider: string }

const waitingSql = `
  select r.id, p.provider from payments.refunds r join payments.payments p on p.id = r.payment_id
  where r.status = 'failed' or (r.status = 'requested' and p.provider = 'offline') order by r.id`

/**
 * Staff pay back at the bank what no provider can: money that came there, and refunds that have failed at the provider
 * after they had succeeded. Whatever else waits for staff is left, and judged. Returns how many they paid back.
 */
export async function payBackByHand(
  { databaseUrl, provider }: Pick<Field, 'databaseUrl' | 'provider'>,
  { http, admin }: Staff,
): Promise<number> {
  const waiting = await query<Waiting>(databaseUrl, waitingSql)
  const failed = new Set(
    (await provider.charges()).flatMap(({ refunds }) =>
      refunds.flatMap(({ refundId, status }) => (status === 'failed' && refundId ? [refundId] : [])),
    ),
  )
  const ask = patientClient({ http, patience: { isOver: false } })
  let paidBack = 0
  for (const { id, provider: of } of waiting) {
    if (of !== 'offline' && !failed.has(id)) continue
    const body = { reference: `by hand ${id}` }
    const path = `/refunds/${id}/settle`
    if (isDone(await ask({ method: 'POST', path, token: admin.token, key: `settle-${id}`, body }))) paidBack++
  }
  return paidBack
}
