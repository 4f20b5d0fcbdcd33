import type { Sql } from '../../platform/database.ts'
import type { Account, Gate, LineMoney, Payment, Refund } from '../domain/account.ts'
import type { Entry } from '../domain/entry.ts'
import type { OrderId } from '../domain/ids.ts'
import type { Operation } from '../domain/operation.ts'

/**
 * Reads the whole of some orders' money in one statement. JSON numbers are exact for amounts of at most fifteen digits,
 * which is all that the platform's money takes.
 */
const readSql = `
  select to_jsonb(g) as gate,
    (select coalesce(jsonb_agg(to_jsonb(p) order by p.id), '[]') from payments.payments p where p.order_id = g.order_id)
      as payments,
    (select coalesce(jsonb_agg(to_jsonb(e) order by e.seq), '[]') from payments.entries e where e.order_id = g.order_id)
      as entries,
    (select coalesce(jsonb_agg(to_jsonb(r) order by r.id), '[]') from payments.refunds r where r.order_id = g.order_id)
      as refunds,
    (select coalesce(jsonb_agg(to_jsonb(o) order by o.id), '[]') from payments.operations o where o.order_id = g.order_id)
      as operations
  from payments.gates g where g.order_id = any($1::uuid[])`

/**
 * The gate is locked first, in a statement of its own: what it has waited for is not in its own snapshot. A worker may be
 * claiming an operation at the same moment, so they are locked as well.
 */
const lockSqls = [
  'select 1 from payments.gates where order_id = $1::uuid for update',
  `select 1 from payments.operations where order_id = $1::uuid and status = 'waiting' order by id for update`,
]

/** An order's money as it is stored. Each write raises the revision. */
export type StoredAccount = { readonly account: Account; readonly revision: number }

export async function lockAccount(tx: Sql, orderId: OrderId): Promise<StoredAccount | undefined> {
  for (const sql of lockSqls) await tx.$queryRawUnsafe(sql, orderId)
  return (await readAccounts(tx, [orderId])).get(orderId)
}

export async function readAccounts(
  sql: Sql,
  orderIds: readonly OrderId[],
): Promise<ReadonlyMap<OrderId, StoredAccount>> {
  const rows = await sql.$queryRawUnsafe<readonly AccountRow[]>(readSql, orderIds)
  return new Map(
    rows.map((row) => {
      const account = accountOf(row)
      return [account.gate.orderId, { account, revision: row.gate.revision as number }]
    }),
  )
}

type Json = Readonly<Record<string, unknown>>
type AccountRow = {
  readonly gate: Json
  readonly payments: readonly Json[]
  readonly entries: readonly Json[]
  readonly refunds: readonly Json[]
  readonly operations: readonly Json[]
}

function accountOf(row: AccountRow): Account {
  return {
    gate: gateOf(row.gate),
    payments: row.payments.map((payment) =>
      paymentOf(payment, row.entries.filter((entry) => entry.payment_id === payment.id).map(entryOf)),
    ),
    refunds: row.refunds.map(refundOf),
    operations: row.operations.map(operationOf),
  }
}

// The columns have the types that the statements above have written, so the casts below say only what is known.

const minor = (value: unknown): bigint => BigInt(value as number)
const time = (value: unknown): Date => new Date(value as string)
const timeOr = (value: unknown): Date | undefined => (value === null ? undefined : time(value))
const or = (value: unknown): unknown => value ?? undefined

/** Earlier versions counted no units. */
type LineRow = {
  readonly lineId: string
  readonly quantity: number
  readonly totalMinor: string
  readonly short?: number
  readonly returned?: number
  readonly shortMinor?: string
  readonly returnedMinor?: string
}

const lineOf = ({
  short = 0,
  returned = 0,
  shortMinor = '0',
  returnedMinor = '0',
  ...line
}: LineRow): LineMoney => ({
  ...line,
  ...{ totalMinor: BigInt(line.totalMinor), short, returned },
  ...{ shortMinor: BigInt(shortMinor), returnedMinor: BigInt(returnedMinor) },
})

const gateOf = (row: Json): Gate => ({
  orderId: row.order_id as Gate['orderId'],
  userId: or(row.user_id) as Gate['userId'],
  status: row.status as Gate['status'],
  reason: row.reason as string,
  dueMinor: minor(row.due_minor),
  currency: row.currency as string,
  capture: row.capture as Gate['capture'],
  keepMinor: minor(row.keep_minor),
  keepsMoney: row.keeps_money as boolean,
  closedCovered: row.closed_covered as boolean,
  lateUntil: timeOr(row.late_until),
  lines: (row.lines as readonly LineRow[]).map(lineOf),
  version: row.version as number,
  createdAt: time(row.created_at),
  updatedAt: time(row.updated_at),
})

const paymentOf = (row: Json, entries: readonly Entry[]): Payment => ({
  id: row.id as Payment['id'],
  provider: row.provider as string,
  method: row.method as string,
  amountMinor: minor(row.amount_minor),
  currency: row.currency as string,
  ref: or(row.ref) as Payment['ref'],
  entries,
  token: row.token as string,
  returnUrl: row.return_url as string,
  client: row.client as string,
  capture: row.capture as Payment['capture'],
  isCancelable: row.is_cancelable as boolean,
  isSuperseded: row.is_superseded as boolean,
  endsAt: timeOr(row.ends_at),
  actionUrl: row.action_url as string,
  failure: or(row.failure) as Payment['failure'],
  createdAt: time(row.created_at),
  updatedAt: time(row.updated_at),
})

const entryOf = (row: Json): Entry => ({
  seq: row.seq as number,
  kind: row.kind as Entry['kind'],
  ref: row.ref as string,
  key: row.key as string,
  amountMinor: minor(row.amount_minor),
  currency: row.currency as string,
  at: time(row.at),
})

type RefundLineRow = { readonly lineId: string; readonly quantity: number; readonly amountMinor?: string }

const refundOf = (row: Json): Refund => ({
  id: row.id as Refund['id'],
  paymentId: row.payment_id as Refund['paymentId'],
  amountMinor: minor(row.amount_minor),
  creditMinor: minor(row.credit_minor),
  lines: (row.lines as readonly RefundLineRow[]).map(({ amountMinor, ...line }) => ({
    ...line,
    ...(amountMinor === undefined ? {} : { amountMinor: BigInt(amountMinor) }),
  })),
  reason: row.reason as string,
  cause: row.cause as string,
  status: row.status as Refund['status'],
  refs: row.refs as Refund['refs'],
  reference: row.reference as string,
  createdAt: time(row.created_at),
  updatedAt: time(row.updated_at),
})

export const operationOf = (row: Json): Operation => ({
  id: row.id as string,
  kind: row.kind as Operation['kind'],
  paymentId: row.payment_id as Operation['paymentId'],
  refundId: or(row.refund_id) as Operation['refundId'],
  amountMinor: minor(row.amount_minor),
  isFinal: row.is_final as boolean,
  status: row.status as Operation['status'],
  attempt: row.attempt as number,
  firstTriedAt: timeOr(row.first_tried_at),
  lastTriedAt: timeOr(row.last_tried_at),
  tries: row.tries as number,
  nextAt: time(row.next_at),
  error: row.error as string,
})
