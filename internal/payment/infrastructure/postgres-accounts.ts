import { recordActs } from '../../platform/activity.ts'
import { isDatabaseOutage, retryContention, sqlState, type Sql } from '../../platform/database.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { coalesce, groupCommit, writeFirsts } from '../../platform/group-commit.ts'
import { claimKey, findKey } from '../../platform/idempotency-keys.ts'
import type { WakeProducer } from '../../platform/outbox.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Accounts, Decide, UpdateOptions } from '../application/accounts.ts'
import { changeOf } from '../domain/events.ts'
import type { OrderId, PaymentId } from '../domain/ids.ts'
import { lockAccount, readAccounts, type StoredAccount } from './account-rows.ts'
import type { HandedOperations } from './handed-operations.ts'
import { refName, type RememberedAccounts } from './remembered-accounts.ts'
import { mayBeCredited, type IssueCreditNotes } from './credit-notes.ts'
import { encodePaymentEvent } from './payment-events.ts'
import type { AccountChange } from './changed-rows.ts'
import { updatingAtOnce, type Updated } from './update-at-once.ts'
import { writeAccounts } from './write-accounts.ts'

const schema = 'payments'

/** Writes that come together share a statement, and so do reads. */
const together = { maxBatch: 50, inFlight: 1, isOutage: isDatabaseOutage }

export type AccountsDeps = {
  readonly wakeProducer: WakeProducer
  /** Called when there may be something to ask a provider for. */
  readonly wakeWorker: () => void
  readonly issueCreditNotes: IssueCreditNotes
  readonly remembered: RememberedAccounts
  readonly handed?: HandedOperations
}

export function postgresAccounts(
  sql: PoolSql,
  { wakeProducer, wakeWorker, issueCreditNotes, remembered, handed }: AccountsDeps,
): Accounts {
  const read = coalesce((orderIds: readonly OrderId[]) => readAccounts(sql, orderIds))
  const stored = async (orderId: OrderId): Promise<StoredAccount | undefined> =>
    (await read([orderId])).get(orderId)
  const write = groupCommit((changes: readonly AccountChange[]) => writeAll(sql, changes), together)
  const countAttempts = groupCommit((asked: readonly AskedAttempts[]) => attemptsOf(sql, asked), together)
  const refs = coalesce((wanted: readonly string[]) => findRefs(sql, wanted))

  const updateAtOnce = updatingAtOnce({ stored, write, remembered, handed })
  return {
    find: async (orderId) => (await stored(orderId))?.account,
    recall: async (orderId) => (remembered.look(orderId) ?? (await stored(orderId)))?.account,
    async orderOf(paymentId) {
      const rows = await sql.$queryRawUnsafe<readonly { readonly order_id: OrderId }[]>(
        'select order_id from payments.payments where id = $1::uuid',
        paymentId,
      )
      return rows[0]?.order_id
    },
    async findRef(provider, ref) {
      const name = refName(provider, ref)
      return remembered.ofRef(provider, ref) ?? (await refs([name])).get(name)
    },
    async update(orderId, decide, options) {
      const updated = await retryContention(
        async () =>
          (await updateAtOnce(orderId, decide, options)) ??
          updateLocked(sql, { issueCreditNotes, remembered }, orderId, decide, options),
      ).catch(explain)
      if (updated.isChanged) {
        failpoint('commit-wake')
        wakeProducer()
        wakeWorker()
      }
      return updated
    },
    findByRequest: (once) => findKey(sql, schema, once),
    attemptsSince: (who, since) => countAttempts({ ...who, since }),
  }
}

const writeAll = (sql: PoolSql, changes: readonly AccountChange[]): Promise<readonly boolean[]> =>
  writeFirsts(
    changes,
    ({ after }) => after.gate.orderId,
    (firsts) => writeAccounts(sql, firsts),
  )

type AskedAttempts = Parameters<Accounts['attemptsSince']>[0] & { readonly since: Date }

async function attemptsOf(
  sql: PoolSql,
  asked: readonly AskedAttempts[],
): Promise<readonly { readonly ofUser: number; readonly ofClient: number }[]> {
  const rows = await sql.$queryRawUnsafe<readonly { ofUser: bigint; ofClient: bigint }[]>(
    `select
       (select count(*) from payments.payments p where p.user_id = a.user_id and p.created_at >= a.since) as "ofUser",
       (select count(*) from payments.payments p
        where p.client = a.client and a.client <> '' and p.created_at >= a.since) as "ofClient"
     from unnest($1::uuid[], $2::text[], $3::timestamptz[]) with ordinality as a (user_id, client, since, place)
     order by a.place`,
    asked.map(({ userId }) => userId ?? null),
    asked.map(({ client }) => client),
    asked.map(({ since }) => since),
  )
  return rows.map(({ ofUser, ofClient }) => ({ ofUser: Number(ofUser), ofClient: Number(ofClient) }))
}

async function findRefs(
  sql: PoolSql,
  names: readonly string[],
): Promise<ReadonlyMap<string, { readonly orderId: OrderId; readonly paymentId: PaymentId }>> {
  const rows = await sql.$queryRawUnsafe<readonly { name: string; orderId: OrderId; paymentId: PaymentId }[]>(
    `select w.name, p.order_id as "orderId", p.id as "paymentId"
     from unnest($1::text[]) as w(name)
     join payments.payments p on p.provider = split_part(w.name, ' ', 1) and p.ref is not null
       and p.ref = substr(w.name, strpos(w.name, ' ') + 1)`,
    names,
  )
  return new Map(rows.map(({ name, orderId, paymentId }) => [name, { orderId, paymentId }]))
}

/** With the request's key, the log's entry and the credit notes of refunds that succeed, in one transaction. */
async function updateLocked<Result>(
  sql: PoolSql,
  { issueCreditNotes, remembered }: Pick<AccountsDeps, 'issueCreditNotes' | 'remembered'>,
  orderId: OrderId,
  decide: Decide<Result>,
  { trace, at, act, once }: UpdateOptions,
): Promise<Updated<Result>> {
  remembered.forget(orderId)
  return sql.transaction(async (tx) => {
    const before = await lockOrReserve(tx, orderId)
    const { account: decided, result } = decide(before?.account)
    const { state, events } = changeOf(before?.account, decided, at)
    const isChanged = decided !== before?.account
    if (isChanged) {
      const outbox = events.map((event) => encodePaymentEvent(event, trace))
      const seen = before?.revision ?? 0 // the row was reserved
      const change = { before: before?.account, seen, after: state, events: outbox, at }
      const written = await writeAccounts(tx, [change])
      if (!written.has(orderId)) throw new Error(`the locked money of order ${orderId} has changed`)
      if (mayBeCredited(before?.account, state)) await issueCreditNotes(tx, state, trace)
      if (act && trace.by) await recordActs(tx, trace, [act(state, before?.account)])
    }
    if (once) await claimKey(tx, schema, once.key, once.thing(state))
    failpoint('insert-commit')
    return { account: isChanged ? state : decided, result, isChanged }
  })
}

/** A row that nobody has is made and so locked: two who begin at once see one after the other. */
async function lockOrReserve(tx: Sql, orderId: OrderId): Promise<StoredAccount | undefined> {
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
