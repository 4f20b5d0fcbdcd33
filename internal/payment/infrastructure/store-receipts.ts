import { ReceiptIssuedSchema } from '../../gen/payment/v1/receipt_events_pb.ts'
import type { Trace } from '../../platform/call.ts'
import type { Sql } from '../../platform/database.ts'
import { eventType } from '../../platform/event.ts'
import { outboxCtes, outboxEvent, outboxParameters, type OutboxEvent } from '../../platform/outbox.ts'
import { numberText, taxMinorOf, type Draft, type Receipt } from '../domain/receipt.ts'
import { insertReceiptsCte, receiptRow, selectReceipts } from './receipt-rows.ts'

export type ToIssue = { readonly draft: Draft; readonly trace: Trace }

/**
 * Numbers documents of one series and stores them with their events; one whose cause has a document already is given as
 * it is. The caller's transaction holds the series until it commits, so nobody gets a later number before, and when it
 * is rolled back the numbers are free again.
 */
export async function storeReceipts(
  tx: Sql,
  series: string,
  wanted: readonly ToIssue[],
  now: () => Date,
): Promise<readonly Receipt[]> {
  await lockSeries(tx, series)
  // What the lock has waited for is seen by this statement, which is a later one.
  const causes = wanted.map(({ draft }) => draft.cause)
  const known = await selectReceipts(tx, 'r.cause = any($1::text[])', causes)
  const byCause = new Map(known.map((receipt) => [receipt.cause, receipt]))
  const fresh = wanted.filter(
    ({ draft: { cause } }, index) => !byCause.has(cause) && causes.indexOf(cause) === index,
  )
  if (fresh.length > 0) {
    const last = await raiseSeries(tx, series, fresh.length)
    const issuedAt = now()
    const issued = fresh.map(({ draft, trace }, index) => {
      const number = last - BigInt(fresh.length - 1 - index)
      return { receipt: { ...draft, series, number, issuedAt }, trace }
    })
    await tx.$executeRawUnsafe(
      storeSql,
      rows(issued.map(({ receipt }) => receiptRow(receipt))),
      ...outboxParameters(issued.map(({ receipt, trace }) => encodeIssued(receipt, trace))),
    )
    for (const { receipt } of issued) byCause.set(receipt.cause, receipt)
  }
  return causes.map((cause) => {
    const receipt = byCause.get(cause)
    if (!receipt) throw new Error(`no document was issued for ${cause}`)
    return receipt
  })
}

const storeSql = `with ${insertReceiptsCte(1)}, ${outboxCtes(2)} select 1`

async function lockSeries(tx: Sql, series: string): Promise<void> {
  const lock = (): Promise<readonly unknown[]> =>
    tx.$queryRawUnsafe('select 1 from payments.receipt_series where series = $1 for update', series)
  if ((await lock()).length > 0) return
  await tx.$executeRawUnsafe(
    'insert into payments.receipt_series (series, last) values ($1, 0) on conflict do nothing',
    series,
  )
  await lock()
}

async function raiseSeries(tx: Sql, series: string, by: number): Promise<bigint> {
  const [row] = await tx.$queryRawUnsafe<readonly { readonly last: bigint }[]>(
    'update payments.receipt_series set last = last + $2::bigint where series = $1 returning last',
    series,
    by,
  )
  if (!row) throw new Error(`the series ${series} is gone`)
  return row.last
}

const rows = (values: readonly object[]): string =>
  JSON.stringify(values, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))

const issuedType = eventType(ReceiptIssuedSchema)

/** It names nobody: whoever may know asks for the document. */
function encodeIssued(receipt: Receipt, trace: Trace): OutboxEvent {
  const { id, kind, orderId, credits, totalMinor, currency, issuedAt } = receipt
  const data = {
    ...{ receiptId: id, kind, number: numberText(receipt), orderId },
    ...{ creditedReceiptId: credits?.receiptId ?? '', refundId: credits?.refundId ?? '' },
    ...{ totalMinor: String(totalMinor), taxMinor: String(taxMinorOf(receipt)), currency },
  }
  return outboxEvent(
    issuedType,
    { aggregateType: 'receipt', aggregateId: id, aggregateVersion: 1, occurredAt: issuedAt, data },
    trace,
  )
}
