import type pg from 'pg'

// What is stored of money at the end. All amounts are minor units.

/** A payment as our books have it. */
export type EndPayment = {
  readonly id: string
  readonly order: string
  /** The key of the request that has begun it. */
  readonly key: string | undefined
  readonly provider: string
  readonly status: string
  readonly amount: number
  readonly captured: number
  readonly refunded: number
  /** What banks have taken back for their customers. */
  readonly disputed: number
  readonly gate: string
  /** It was decided that nothing goes back. */
  readonly keepsMoney: boolean
}

export type EndRefund = {
  readonly id: string
  readonly payment: string
  /** The key of the request that has ordered it; undefined for what the payments have ordered by themselves. */
  readonly key: string | undefined
  readonly status: string
  readonly amount: number
}

/** Something that was to be asked of a provider, or told by one, and has not come to its end. */
export type Unfinished = { readonly what: string; readonly order: string; readonly error: string }

export type Books = {
  readonly payments: readonly EndPayment[]
  readonly refunds: readonly EndRefund[]
  readonly unfinished: readonly Unfinished[]
  /** What orders do not owe because units were not found or came back. */
  readonly notOwed: ReadonlyMap<string, number>
  /** How often money came for an order that had ended. */
  readonly late: number
}

/** What was stated under a kind, less what was undone under the same reference. */
const sumOf = (kind: string, undone: string): string => `
  coalesce((select sum(e.amount_minor) from payments.entries e
    where e.payment_id = p.id and e.kind = '${kind}' and e.currency = p.currency and not exists (
      select from payments.entries u where u.payment_id = p.id and u.kind = '${undone}' and u.ref = e.ref
    )), 0)::float8`

/** The furthest that is known of each dispute. */
const disputedSql = `
  coalesce((select sum(d.minor) from (
    select distinct on (e.ref) e.amount_minor as minor from payments.entries e
    where e.payment_id = p.id and e.kind = 'dispute'
    order by e.ref, array_position(array['inquiry', 'opened', 'lost', 'closed', 'won'], split_part(e.key, ':', 2)) desc,
      e.amount_minor desc
  ) d), 0)::float8`

const paymentsSql = `
  select p.id, p.order_id as "order", substring(p.return_url from 'key=(.*)$') as key, p.provider, p.status,
    p.amount_minor::float8 as amount, g.status as gate, g.keeps_money as "keepsMoney",
    ${sumOf('captured', 'capture_failed')} as captured, ${sumOf('refunded', 'refund_failed')} as refunded,
    ${disputedSql} as disputed
  from payments.payments p join payments.gates g on g.order_id = p.order_id`

const refundsSql = `
  select id, payment_id as payment, substring(reason from '^counted \\((.*)\\)$') as key, status,
    amount_minor::float8 as amount
  from payments.refunds`

/** The same as in rest.ts, and what was left to staff. */
const unfinishedSql = `
  select kind || ' ' || status as what, order_id::text as "order", error from payments.operations
    where status in ('waiting', 'staff') and not exists (
      select from payments.refunds r where r.id = refund_id and r.status = 'settled_manually')
  union all select 'refund ' || status, order_id::text, reason from payments.refunds where status in ('requested', 'unknown', 'failed')
  union all select 'message ' || status, resource, error from payments.inbox where status in ('received', 'dead')
  union all select 'gate closing', order_id::text, reason from payments.gates where status = 'closing'`

const notOwedSql = `
  select g.order_id as "order", sum((l ->> 'shortMinor')::bigint + (l ->> 'returnedMinor')::bigint)::float8 as minor
  from payments.gates g, jsonb_array_elements(g.lines) l where l ? 'shortMinor' group by 1`

export async function readBooks(client: pg.Client): Promise<Books> {
  type Keyed<Row> = Omit<Row, 'key'> & { readonly key: string | null }
  const payments = await client.query<Keyed<EndPayment>>(paymentsSql)
  const refunds = await client.query<Keyed<EndRefund>>(refundsSql)
  const unfinished = await client.query<Unfinished>(unfinishedSql)
  const notOwed = await client.query<{ readonly order: string; readonly minor: number }>(notOwedSql)
  const withKey = <Row extends { readonly key: string | null }>(row: Row) => ({
    ...row,
    key: row.key ?? undefined,
  })
  const late = await client.query<{ readonly count: number }>(
    `select count(*)::int as count from producer.outbox where subject = 'payment.late'`,
  )
  return {
    late: late.rows[0]?.count ?? 0,
    payments: payments.rows.map(withKey),
    refunds: refunds.rows.map(withKey),
    notOwed: new Map(notOwed.rows.map(({ order, minor }) => [order, minor])),
    unfinished: unfinished.rows,
  }
}
