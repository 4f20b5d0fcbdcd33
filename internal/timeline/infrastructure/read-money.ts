import type {
  EntryFacts,
  InboxFacts,
  OperationFacts,
  PaymentFacts,
  ReceiptFacts,
  RefundFacts,
} from '../domain/money-part.ts'
import type { Stored } from '../application/stored.ts'
import { spansOf, type Databases } from './databases.ts'

const gateSql = `select version from payments.gates where order_id = $1::uuid`

const paymentsSql = `
  select id, provider, method, status, amount_minor::text as "amountMinor", currency, ref, created_at as "createdAt",
    updated_at as "updatedAt", ends_at as "endsAt"
  from payments.payments where order_id = $1::uuid order by created_at`

const entriesSql = `
  select at, payment_id as "paymentId", kind, ref, amount_minor::text as "amountMinor", currency
  from payments.entries where order_id = $1::uuid order by seq`

const operationsSql = `
  select id, payment_id as "paymentId", kind, status, tries, first_tried_at as "firstTriedAt",
    last_tried_at as "lastTriedAt", next_at as "nextAt", error
  from payments.operations where order_id = $1::uuid`

const refundsSql = `
  select id, payment_id as "paymentId", status, amount_minor::text as "amountMinor", reason, created_at as "createdAt",
    updated_at as "updatedAt"
  from payments.refunds where order_id = $1::uuid order by created_at`

const receiptsSql = `
  select id, kind, series || '-' || number as number, issued_at as "issuedAt"
  from payments.receipts where order_id = $1::uuid order by issued_at`

/** Messages have no index but that of their time. */
const inboxSql = `
  select m.* from unnest($2::timestamptz[], $3::timestamptz[]) as w (since, until)
  cross join lateral (
    select event_id as "eventId", provider, what, status, seen, tries, error, received_at as "receivedAt"
    from payments.inbox where received_at between w.since and w.until and resource = any($1::text[])
  ) m
  order by m."receivedAt" limit 200`

export const readMoney =
  ({ ask }: Databases): Stored['money'] =>
  async (orderId) => {
    const of = <Row extends object>(sql: string) => ask<Row>('payment', sql, [orderId])
    const [gate] = await of<{ readonly version: number }>(gateSql)
    return {
      payments: await of<PaymentFacts>(paymentsSql),
      entries: await of<EntryFacts>(entriesSql),
      operations: await of<OperationFacts>(operationsSql),
      refunds: await of<RefundFacts>(refundsSql),
      receipts: await of<ReceiptFacts>(receiptsSql),
      version: gate?.version ?? 0,
    }
  }

export const readInbox =
  ({ ask }: Databases): Stored['inbox'] =>
  async (payments, windows) => {
    const resources = payments.flatMap(({ id, ref }) => [id, ...(ref ? [ref] : [])])
    if (resources.length === 0) return []
    return ask<InboxFacts>('payment', inboxSql, [resources, ...spansOf(windows)])
  }
