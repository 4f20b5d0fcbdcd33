import type { Trace } from '../../platform/call.ts'
import type { Sql } from '../../platform/database.ts'
import type { Account } from '../domain/account.ts'
import { creditNotesDue, isDone } from '../domain/credit-note.ts'
import type { NewId } from '../domain/ids.ts'
import type { Seller } from '../domain/receipt.ts'
import { selectReceipts } from './receipt-rows.ts'
import { storeReceipts } from './store-receipts.ts'

/** Issues what credit notes are due. The caller's transaction holds the lock of the order's gate. */
export type IssueCreditNotes = (tx: Sql, account: Account, trace: Trace) => Promise<void>

export type Stationery = {
  readonly seller: Seller
  readonly receiptSeries: string
  readonly creditNoteSeries: string
  readonly newId: NewId
  readonly now: () => Date
}

export function creditNotes({ seller, creditNoteSeries, newId, now }: Stationery): IssueCreditNotes {
  return async (tx, account, trace) => {
    const documents = await selectReceipts(tx, 'r.order_id = $1::uuid', account.gate.orderId)
    const receipt = documents.find(({ kind }) => kind === 'receipt')
    if (!receipt) return // nothing was receipted: it was an excess, or the order is dead
    const issued = documents.filter(({ kind }) => kind === 'credit-note')
    const due = creditNotesDue(account, receipt, issued, { seller, newId })
    if (due.length === 0) return
    await storeReceipts(
      tx,
      creditNoteSeries,
      due.map((draft) => ({ draft, trace })),
      now,
    )
  }
}

/** False: this change can't make a credit note due. */
export const mayBeCredited = (before: Account | undefined, after: Account): boolean =>
  after.gate.status === 'closed' ||
  (after.refunds !== before?.refunds && after.refunds.some(({ status }) => isDone(status)))
