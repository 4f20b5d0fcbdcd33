import { amountsOf, type Account, type Refund } from './account.ts'
import type { NewId, ReceiptId } from './ids.ts'
import { numberText, type Draft, type Receipt, type Seller } from './receipt.ts'
import { creditLines, lineValues, shareCredit } from './share-credit.ts'

/**
 * The credit notes that are to be issued for a receipt, as the account stands. What refunds gave back beyond an excess is
 * credited, and never more than the receipt. Of an order that is over, so is what was lost otherwise, as by a capture
 * that has failed after all. It follows from the state alone: nothing is due twice, and nothing is forgotten.
 */
export function creditNotesDue(
  account: Account,
  receipt: Receipt,
  issued: readonly Receipt[],
  { seller, newId }: { readonly seller: Seller; readonly newId: NewId },
): readonly Draft[] {
  const due: Draft[] = []
  const noteOf = (refund: Refund | undefined, amountMinor: bigint): Draft => {
    const values = lineValues(receipt, refund?.lines ?? [])
    return {
      ...receipt,
      ...{ id: newId() as ReceiptId, kind: 'credit-note', seller },
      cause: refund ? causeOf(refund, issued) : `lost:${receipt.orderId}`,
      credits: { receiptId: receipt.id, receiptNumber: numberText(receipt), refundId: refund?.id },
      ...{ lines: creditLines(amountMinor, values), shippingMinor: 0n, discountMinor: 0n },
      ...{ taxes: shareCredit(receipt, [...issued, ...due], amountMinor, values), totalMinor: amountMinor },
    }
  }
  let owed = goneMinor(account, receipt.totalMinor) - sum(issued.map(({ totalMinor }) => totalMinor))
  for (const { refund, leftMinor } of uncredited(account, issued)) {
    const part = least(leftMinor, owed)
    if (part <= 0n) return due
    due.push(noteOf(refund, part))
    owed -= part
  }
  const isLost = account.gate.status === 'closed' && issued.every(({ credits }) => credits?.refundId)
  return isLost && owed > 0n ? [...due, noteOf(undefined, owed)] : due
}

/** What of the receipt's price is not there any more. A capture that failed may still be made good while the order lives. */
function goneMinor(account: Account, totalMinor: bigint): bigint {
  const { capturedMinor, refundedMinor } = amountsOf(account)
  const isOver = account.gate.status === 'closed'
  const taken = isOver || capturedMinor > totalMinor ? capturedMinor : totalMinor
  const kept = taken > refundedMinor ? taken - refundedMinor : 0n
  return totalMinor - least(totalMinor, kept)
}

/**
 * Those that gave goods back come first, then the newest: what gave back an excess has usually come before. A refund that was
 * credited and has failed leaves its note to those after it, so one may get its notes in parts.
 */
function uncredited(
  { refunds }: Account,
  issued: readonly Receipt[],
): readonly { readonly refund: Refund; readonly leftMinor: bigint }[] {
  return refunds
    .filter(({ status }) => isDone(status))
    .sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? 1 : -1))
    .map((refund) => {
      const credited = sum(notesOf(refund, issued).map(({ totalMinor }) => totalMinor))
      return { refund, leftMinor: refund.amountMinor - credited }
    })
    .filter(({ leftMinor }) => leftMinor > 0n)
}

const notesOf = ({ id }: Refund, issued: readonly Receipt[]): readonly Receipt[] =>
  issued.filter(({ credits }) => credits?.refundId === id)

/** There is one document for each. */
function causeOf(refund: Refund, issued: readonly Receipt[]): string {
  const earlier = notesOf(refund, issued).length
  return `refund:${refund.id}${earlier > 0 ? `:${earlier + 1}` : ''}`
}

export const isDone = (status: Refund['status']): boolean =>
  status === 'succeeded' || status === 'settled_manually'

const rank = ({ creditMinor }: Refund): number => (creditMinor > 0n ? 1 : 0)

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n)
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
