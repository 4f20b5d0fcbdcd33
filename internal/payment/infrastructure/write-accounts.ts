import type { Sql } from '../../platform/database.ts'
import { outboxCtes, outboxParameters } from '../../platform/outbox.ts'
import type { OrderId } from '../domain/ids.ts'
import {
  entryRows,
  expectedOperations,
  gateRow,
  operationRows,
  paymentRows,
  refundRows,
  rows,
  type AccountChange,
} from './changed-rows.ts'

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
    next_at timestamptz, error text, lease_until timestamptz`,
} as const

const namesOf = (table: keyof typeof columns): string =>
  columns[table]
    .split(',')
    .map((column) => column.trim().split(' ')[0])
    .join(', ')

const insertOf = (table: keyof typeof columns, parameter: number): string => `
  insert into payments.${table} (${namesOf(table)})
  select ${namesOf(table)} from jsonb_to_recordset($${parameter}::jsonb) as each (${columns[table]})
  where order_id in (select order_id from fitting)`

const set = (...names: readonly string[]): string =>
  names.map((name) => `${name} = excluded.${name}`).join(', ')

const gateColumns = [
  'user_id',
  'status',
  'reason',
  'due_minor',
  'currency',
  'capture',
  'keep_minor',
  'keeps_money',
  'closed_covered',
  'late_until',
  'lines',
  'version',
  'updated_at',
] as const

/**
 * Stores the changes of orders whose gates are as they were when the changes were decided, and of no others. A worker may
 * have begun to ask a provider since, which raises the tries of an operation and not the gate's revision. Gates are locked
 * in the order of their ids, and a gate before its operations.
 */
const writeSql = `
  with wanted as (
    select * from jsonb_to_recordset($1::jsonb) as each (${columns.gates}, seen int)
  ), made as (
    insert into payments.gates (${namesOf('gates')}, revision)
    select ${namesOf('gates')}, 1 from wanted where seen is null order by order_id
    on conflict do nothing returning order_id
  ), locked as (
    select g.order_id from payments.gates g join wanted w on w.order_id = g.order_id and w.seen = g.revision
    order by g.order_id for update of g
  ), waiting as (
    select o.* from locked l cross join lateral (
      select id, order_id, tries from payments.operations
      where order_id = l.order_id and status = 'waiting' order by id for update
    ) as o
  ), fitting as (
    select order_id from made
    union all
    select order_id from locked where order_id not in (
      select e.order_id from jsonb_to_recordset($2::jsonb) as e (order_id uuid, id uuid, tries int)
      left join waiting o on o.id = e.id
      where e.order_id in (select order_id from locked) and o.tries is distinct from e.tries
    )
  ), gate as (
    update payments.gates g set ${gateColumns.map((name) => `${name} = w.${name}`).join(', ')}, revision = w.seen + 1
    from wanted w where w.order_id = g.order_id and w.seen is not null and w.order_id in (select order_id from fitting)
  ), payment as (
    ${insertOf('payments', 3)} on conflict (id) do update set
      ${set('status', 'ref', 'is_superseded', 'action_url', 'failure', 'updated_at')},
      reads = case when payments.status = excluded.status then payments.reads else 0 end,
      read_at = case when excluded.read_at is null then null else least(payments.read_at, excluded.read_at) end
  ), operation as (
    ${insertOf('operations', 4)} on conflict (id) do update set
      ${set('status', 'attempt', 'first_tried_at', 'last_tried_at', 'tries', 'next_at', 'error', 'lease_until')}
  ), entry as (${insertOf('entries', 5)}), refund as (
    ${insertOf('refunds', 6)} on conflict (id) do update set ${set('status', 'refs', 'reference', 'updated_at')}
  ), ${outboxCtes(7, 'where e.aggregate_id in (select order_id from fitting)')}
  select order_id from fitting`

/**
 * Stores what is different, with the events. Returns the orders whose changes were stored; the others have changed since,
 * and nothing of theirs is. An order stands in the list once. An entry that is there already is a fault and fails: the
 * change was decided from an account that has it.
 */
export async function writeAccounts(
  sql: Sql,
  changes: readonly AccountChange[],
): Promise<ReadonlySet<OrderId>> {
  const stored = await sql.$queryRawUnsafe<readonly { readonly order_id: OrderId }[]>(
    writeSql,
    rows(changes.map(({ after, seen }) => ({ ...gateRow(after.gate), seen: seen ?? null }))),
    rows(changes.flatMap(expectedOperations)),
    rows(changes.flatMap(paymentRows)),
    rows(changes.flatMap(operationRows)),
    rows(changes.flatMap(entryRows)),
    rows(changes.flatMap(refundRows)),
    ...outboxParameters(changes.flatMap(({ events }) => events)),
  )
  return new Set(stored.map(({ order_id }) => order_id))
}
