import { recordActs } from '../../platform/activity.ts'
import { retryContention, sqlState } from '../../platform/database.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { claimKey, findKey } from '../../platform/idempotency-keys.ts'
import type { WakeProducer } from '../../platform/outbox.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Accounts, Decide, UpdateOptions } from '../application/accounts.ts'
import type { Account } from '../domain/account.ts'
import { changeOf } from '../domain/events.ts'
import type { OrderId, PaymentId } from '../domain/ids.ts'
import { lockAccount, readAccount } from './account-rows.ts'
import { mayBeCredited, type IssueCreditNotes } from './credit-notes.ts'
import { encodePaymentEvent } from './payment-events.ts'
import { writeAccount } from './write-account.ts'

const schema = 'payments'

/** `wakeWorker` is called when there may be something to ask a provider for. */
export function postgresAccounts(
  sql: PoolSql,
  wakeProducer: WakeProducer,
  wakeWorker: () => void,
  issueCreditNotes: IssueCreditNotes,
): Accounts {
  return {
    find: (orderId) => readAccount(sql, orderId),
    async orderOf(paymentId) {
      const rows = await sql.$queryRawUnsafe<readonly { readonly order_id: OrderId }[]>(
        'select order_id from payments.payments where id = $1::uuid',
        paymentId,
      )
      return rows[0]?.order_id
    },
    async findRef(provider, ref) {
      const rows = await sql.$queryRawUnsafe<readonly { orderId: OrderId; paymentId: PaymentId }[]>(
        `select order_id as "orderId", id as "paymentId" from payments.payments
         where provider = $1 and ref is not null and ref = $2`,
        provider,
        ref,
      )
      return rows[0]
    },
    async update(orderId, decide, options) {
      const updated = await retryContention(() =>
        updateOnce(sql, issueCreditNotes, orderId, decide, options),
      ).catch(explain)
      if (updated.isChanged) {
        failpoint('commit-wake')
        wakeProducer()
        wakeWorker()
      }
      return updated
    },
    findByRequest: (once) => findKey(sql, schema, once),
    async attemptsSince({ userId, client }, since) {
      const [row] = await sql.$queryRawUnsafe<readonly { ofUser: bigint; ofClient: bigint }[]>(
        `select
           (select count(*) from payments.payments where user_id = $1::uuid and created_at >= $3) as "ofUser",
           (select count(*) from payments.payments where client = $2 and $2 <> '' and created_at >= $3) as "ofClient"`,
        userId ?? null,
        client,
        since,
      )
      return { ofUser: Number(row?.ofUser ?? 0), ofClient: Number(row?.ofClient ?? 0) }
    },
  }
}

/** Credit notes of refunds that succeed are a part of it. */
async function updateOnce<Result>(
  sql: PoolSql,
  issueCreditNotes: IssueCreditNotes,
  orderId: OrderId,
  decide: Decide<Result>,
  { trace, at, act, once }: UpdateOptions,
): Promise<{ readonly account: Account; readonly result: Result; readonly isChanged: boolean }> {
  return sql.transaction(async (tx) => {
    const before = await lockOrReserve(tx, orderId)
    const { account: decided, result } = decide(before)
    const { state, events } = changeOf(before, decided, at)
    if (decided !== before) {
      const outbox = events.map((event) => encodePaymentEvent(event, trace))
      await writeAccount(tx, before, state, outbox, at)
      if (mayBeCredited(before, state)) await issueCreditNotes(tx, state, trace)
      if (act && trace.by) await recordActs(tx, trace, [act(state, before)])
    }
    if (once) await claimKey(tx, schema, once.key, once.thing(state))
    failpoint('insert-commit')
    return { account: decided === before ? decided : state, result, isChanged: decided !== before }
  })
}

/** A row that nobody has is made and so locked: two who begin at once see one after the other. */
async function lockOrReserve(
  tx: Parameters<typeof lockAccount>[0],
  orderId: OrderId,
): Promise<Account | undefined> {
  const isNew = await tx.$executeRawUnsafe(
    `insert into payments.gates (order_id, status, reason, due_minor, currency, capture, keep_minor, keeps_money,
       closed_covered, lines, version, created_at, updated_at)
     values ($1::uuid, 'open', '', 0, '', 'at-once', 0, false, false, '[]', 0, now(), now())
     on conflict do nothing`,
    orderId,
  )
  return isNew === 1 ? undefined : lockAccount(tx, orderId)
}

/** The database is the last to know what was used for another order. */
function explain(err: unknown): never {
  const text = sqlState(err) === '23505' ? textOf(err) : ''
  if (text.includes('entries_offline_reference'))
    throw new Refusal('conflict', 'payment.reference-used', 'this bank reference belongs to another order')
  if (text.includes('refunds_reference'))
    throw new Refusal('conflict', 'refund.reference-used', 'this reference belongs to another refund')
  if (text.includes('payments_provider_ref'))
    throw new Refusal('conflict', 'suspense.assigned', 'this money belongs to another order')
  throw err
}

const textOf = (err: unknown): string => (err instanceof Error ? err.message : '')
