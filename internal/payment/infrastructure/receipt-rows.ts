import type { Sql } from '../../platform/database.ts'
import {
  numberText,
  taxMinorOf,
  type Buyer,
  type Receipt,
  type ReceiptLine,
  type Seller,
} from '../domain/receipt.ts'

// Amounts within `body` are texts; the columns' are JSON numbers, which are exact for at most fifteen digits.

const columns = `id uuid, kind text, series text, number bigint, order_id uuid, user_id uuid, cause text, receipt_id uuid,
  refund_id uuid, currency text, tax_minor bigint, total_minor bigint, body jsonb, buyer jsonb, issued_at timestamptz`

const names = columns
  .split(',')
  .map((column) => column.trim().split(' ')[0])
  .join(', ')

/** A CTE that inserts the rows of this parameter. */
export const insertReceiptsCte = (parameter: number): string => `issued as (
  insert into payments.receipts (${names})
  select ${names} from jsonb_to_recordset($${parameter}::jsonb) as each (${columns}))`

export async function selectReceipts(
  sql: Sql,
  where: string,
  ...values: readonly unknown[]
): Promise<readonly Receipt[]> {
  const rows = await sql.$queryRawUnsafe<
    readonly { readonly row: ReceiptRow; readonly credited: CreditedRow | null }[]
  >(
    `select to_jsonb(r) as row, to_jsonb(c) as credited from payments.receipts r
     left join lateral (select p.series, p.number from payments.receipts p where p.id = r.receipt_id) as c on true
     where ${where} order by r.issued_at, r.id`,
    ...values,
  )
  return rows.map(({ row, credited }) => receiptOf(row, credited ?? undefined))
}

type ReceiptRow = {
  readonly id: string
  readonly kind: string
  readonly series: string
  readonly number: number
  readonly order_id: string
  readonly user_id: string | null
  readonly cause: string
  readonly receipt_id: string | null
  readonly refund_id: string | null
  readonly currency: string
  readonly total_minor: number
  readonly body: Body
  readonly buyer: Buyer | null
  readonly issued_at: string
}

type CreditedRow = { readonly series: string; readonly number: number }

type Body = {
  readonly lines: readonly LineRow[]
  readonly shippingMinor: string
  readonly discountMinor: string
  readonly taxes: readonly {
    readonly ratePpm: number
    readonly netMinor: string
    readonly taxMinor: string
  }[]
  readonly taxIncluded: boolean
  readonly seller: Seller
}

type LineRow = Pick<ReceiptLine, 'lineId' | 'sku' | 'name' | 'quantity'> & {
  readonly unitPriceMinor: string
  readonly discountMinor: string
  readonly totalMinor: string
  readonly taxRatePpm?: number
  readonly taxMinor?: string
}

export function receiptRow(receipt: Receipt): object {
  const { lines, shippingMinor, discountMinor, taxes, taxIncluded, seller, credits } = receipt
  return {
    ...{ id: receipt.id, kind: receipt.kind, series: receipt.series, number: receipt.number },
    ...{ order_id: receipt.orderId, user_id: receipt.userId ?? null, cause: receipt.cause },
    ...{ receipt_id: credits?.receiptId ?? null, refund_id: credits?.refundId ?? null },
    ...{ currency: receipt.currency, tax_minor: taxMinorOf(receipt), total_minor: receipt.totalMinor },
    ...{ body: { lines, shippingMinor, discountMinor, taxes, taxIncluded, seller } },
    ...{ buyer: receipt.buyer ?? null, issued_at: receipt.issuedAt },
  }
}

/** The database holds only what this service wrote, so its values are trusted. */
function receiptOf(row: ReceiptRow, credited: CreditedRow | undefined): Receipt {
  const { lines, shippingMinor, discountMinor, taxes, taxIncluded, seller } = row.body
  return {
    id: row.id as Receipt['id'],
    kind: row.kind as Receipt['kind'],
    ...{ series: row.series, number: BigInt(row.number), cause: row.cause, currency: row.currency },
    orderId: row.order_id as Receipt['orderId'],
    userId: (row.user_id ?? undefined) as Receipt['userId'],
    credits: credited && {
      receiptId: row.receipt_id as Receipt['id'],
      receiptNumber: numberText({ series: credited.series, number: BigInt(credited.number) }),
      refundId: (row.refund_id ?? undefined) as NonNullable<Receipt['credits']>['refundId'],
    },
    lines: lines.map(lineOf),
    ...{ shippingMinor: BigInt(shippingMinor), discountMinor: BigInt(discountMinor) },
    taxes: taxes.map(({ ratePpm, netMinor, taxMinor }) => {
      return { ratePpm, netMinor: BigInt(netMinor), taxMinor: BigInt(taxMinor) }
    }),
    ...{ totalMinor: BigInt(row.total_minor), taxIncluded, seller, buyer: row.buyer ?? undefined },
    issuedAt: new Date(row.issued_at),
  }
}

const lineOf = ({ unitPriceMinor, discountMinor, totalMinor, taxRatePpm, taxMinor, ...rest }: LineRow) => ({
  ...rest,
  ...{ unitPriceMinor: BigInt(unitPriceMinor), discountMinor: BigInt(discountMinor) },
  ...{ totalMinor: BigInt(totalMinor), taxRatePpm },
  taxMinor: taxMinor === undefined ? undefined : BigInt(taxMinor),
})
