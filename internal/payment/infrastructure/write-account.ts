import type { Sql } from '../../platform/database.ts'
import { outboxCtes, outboxParameters, type OutboxEvent } from '../../platform/outbox.ts'
import { statusOfPayment, type Account, type Gate, type Payment, type Refund } from '../domain/account.ts'
import type { Operation } from '../domain/operation.ts'
import { needsReading, readDelayMs } from '../domain/reading.ts'

const columns = {
  gates: `order_id uuid, user_id uuid, status text, reason text, due_minor bigint, currency text, capture text,
    keep_minor bigint, keeps_money boolean, closed_covered boolean, late_until timestamptz, lines jsonb, version int,
    created_at timestamptz, updated_at timestamptz`,
  payments: `id uuid, order_id uuid, user_id uuid, provider text, method text, status text, amount_minor bigint,
    currency text, ref text, token text, return_url text, client text, capture text, is_cancelable boolean,
    is_superseded boolean, ends_at timestamptz, action_url text, failure jsonb, read_at timestamptz,
    created_at timestamptz, updated_at timestamptz`,
  entries: `payment_id uuid, kind text, key text, order_id uuid, provider text, seq int, ref text, amount_minor bigint,
    currency text, at timestamptz`,
  refunds: `id uuid, order_id uuid, payment_id uuid, status text, amount_minor bigint, credit_minor bigint, lines jsonb,
    reason text, cause text, refs jsonb, reference text, created_at timestamptz, updated_at timestamptz`,
  operations: `id uuid, order_id uuid, payment_id uuid, refund_id uuid, kind text, status text, amount_minor bigint,
    is_final boolean, attempt int, first_tried_at timestamptz, last_tried_at timestamptz, tries int,
    next_at timestamptz, error text`,
} as const

const namesOf = (table: keyof typeof columns): string =>
  columns[table]
    .split(',')
    .map((column) => column.trim().split(' ')[0])
    .join(', ')

const insertOf = (table: keyof typeof columns, parameter: number): string => `
  insert into payments.${table} (${namesOf(table)})
  select ${namesOf(table)} from jsonb_to_recordset($${parameter}::jsonb) as each (${columns[table]})`

const set = (...names: readonly string[]): string =>
  names.map((name) => `${name} = excluded.${name}`).join(', ')

const gateSql = `${insertOf('gates', 1)} on conflict (order_id) do update set ${set('user_id', 'status', 'reason', 'due_minor', 'currency', 'capture', 'keep_minor', 'keeps_money', 'closed_covered', 'late_until', 'lines', 'version', 'updated_at')}`

const paymentsSql = `${insertOf('payments', 1)} on conflict (id) do update set ${set('status', 'ref', 'is_superseded', 'action_url', 'failure', 'updated_at')},
  reads = case when payments.status = excluded.status then payments.reads else 0 end,
  read_at = case when excluded.read_at is null then null
    else least(payments.read_at, excluded.read_at) end`

const operationsSql = `${insertOf('operations', 1)} on conflict (id) do update set ${set('status', 'attempt', 'first_tried_at', 'last_tried_at', 'tries', 'next_at', 'error')},
  lease_until = null`

const restSql = `
  with new_entries as (${insertOf('entries', 1)}), refunds as (
    ${insertOf('refunds', 2)} on conflict (id) do update set ${set('status', 'refs', 'reference', 'updated_at')}
  ), ${outboxCtes(3)} select 1`

/**
 * Stores what is different, with the events. The caller holds the gate's lock. An entry that is there already is a fault
 * and fails: the change was decided from an account that has it.
 */
export async function writeAccount(
  tx: Sql,
  before: Account | undefined,
  after: Account,
  events: readonly OutboxEvent[],
  at: Date,
): Promise<void> {
  const { orderId, userId } = after.gate
  await tx.$executeRawUnsafe(gateSql, rows([gateRow(after.gate)]))
  const payments = changed(before?.payments, after.payments)
  // A refund that ends changes when its payment is read next.
  const read = after.payments.filter(
    (payment) => payments.includes(payment) || before?.refunds !== after.refunds,
  )
  if (read.length > 0) {
    const values = read.map((payment) => ({
      ...paymentRow(payment),
      order_id: orderId,
      user_id: userId ?? null,
      read_at: needsReading(after, payment) ? new Date(at.getTime() + readDelayMs(0)) : null,
    }))
    await tx.$executeRawUnsafe(paymentsSql, rows(values))
  }
  const operations = changed(before?.operations, after.operations)
  if (operations.length > 0)
    await tx.$executeRawUnsafe(
      operationsSql,
      rows(operations.map((each) => ({ ...operationRow(each), order_id: orderId }))),
    )
  const refunds = changed(before?.refunds, after.refunds)
  const entries = payments.flatMap((payment) => newEntries(before, payment))
  await tx.$executeRawUnsafe(
    restSql,
    rows(entries.map((entry) => ({ ...entry, order_id: orderId }))),
    rows(refunds.map((refund) => ({ ...refundRow(refund), order_id: orderId }))),
    ...outboxParameters(events),
  )
}

/** Values are never changed in place, so what is the same object is the same. */
const changed = <Item>(before: readonly Item[] = [], after: readonly Item[]): readonly Item[] =>
  after.filter((item) => !before.includes(item))

const rows = (values: readonly object[]): string =>
  JSON.stringify(values, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))

function newEntries(before: Account | undefined, payment: Payment): readonly object[] {
  const known = before?.payments.find(({ id }) => id === payment.id)?.entries.length ?? 0
  return payment.entries.slice(known).map((entry) => ({
    ...{
      payment_id: payment.id,
      provider: payment.provider,
      kind: entry.kind,
      key: entry.key,
      seq: entry.seq,
    },
    ...{ ref: entry.ref, amount_minor: entry.amountMinor, currency: entry.currency, at: entry.at },
  }))
}

const gateRow = (gate: Gate): object => ({
  ...{ order_id: gate.orderId, user_id: gate.userId ?? null, status: gate.status, reason: gate.reason },
  ...{ due_minor: gate.dueMinor, currency: gate.currency, capture: gate.capture, keep_minor: gate.keepMinor },
  ...{ keeps_money: gate.keepsMoney, closed_covered: gate.closedCovered, late_until: gate.lateUntil ?? null },
  ...{ lines: gate.lines, version: gate.version, created_at: gate.createdAt, updated_at: gate.updatedAt },
})

const paymentRow = (payment: Payment): object => ({
  ...{ id: payment.id, provider: payment.provider, method: payment.method, status: statusOfPayment(payment) },
  ...{ amount_minor: payment.amountMinor, currency: payment.currency, ref: payment.ref ?? null },
  ...{
    token: payment.token,
    return_url: payment.returnUrl,
    client: payment.client,
    capture: payment.capture,
  },
  ...{
    is_cancelable: payment.isCancelable,
    is_superseded: payment.isSuperseded,
    ends_at: payment.endsAt ?? null,
  },
  ...{ action_url: payment.actionUrl, failure: payment.failure ?? null },
  ...{ created_at: payment.createdAt, updated_at: payment.updatedAt },
})

const refundRow = (refund: Refund): object => ({
  ...{ id: refund.id, payment_id: refund.paymentId, status: refund.status, amount_minor: refund.amountMinor },
  ...{ credit_minor: refund.creditMinor, lines: refund.lines, reason: refund.reason, cause: refund.cause },
  ...{
    refs: refund.refs,
    reference: refund.reference,
    created_at: refund.createdAt,
    updated_at: refund.updatedAt,
  },
})

const operationRow = (operation: Operation): object => ({
  ...{ id: operation.id, payment_id: operation.paymentId, refund_id: operation.refundId ?? null },
  ...{ kind: operation.kind, status: operation.status, amount_minor: operation.amountMinor },
  ...{ is_final: operation.isFinal, attempt: operation.attempt, tries: operation.tries },
  ...{ first_tried_at: operation.firstTriedAt ?? null, last_tried_at: operation.lastTriedAt ?? null },
  ...{ next_at: operation.nextAt, error: operation.error },
})
