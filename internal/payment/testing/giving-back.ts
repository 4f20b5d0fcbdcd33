import { newId } from '../../platform/new-id.ts'
import type { Account, Payment, Refund } from '../domain/account.ts'
import { creditNotesDue } from '../domain/credit-note.ts'
import type { Entry } from '../domain/entry.ts'
import type { ReceiptId, RefundId } from '../domain/ids.ts'
import type { Draft, Receipt, Supply } from '../domain/receipt.ts'
import { now, paid, seller } from './fixtures.ts'

// Accounts of which money is given back, and the credit notes for it.

export function receiptOf(sold: Supply): Receipt {
  const draft = { ...sold, kind: 'receipt', id: newId() as ReceiptId, credits: undefined, seller } as const
  return { ...draft, series: 'R', number: 1n, issuedAt: now }
}

export const issued = (drafts: readonly Draft[]): readonly Receipt[] =>
  drafts.map((draft, index) => ({ ...draft, series: 'C', number: BigInt(index + 1), issuedAt: now }))

export const notesFor = (account: Account, receipt: Receipt, known: readonly Receipt[] = []) =>
  creditNotesDue(account, receipt, known, { seller, newId })

export type Given = Pick<Refund, 'amountMinor'> & Partial<Pick<Refund, 'lines' | 'creditMinor'>>

/** The account after one more refund has succeeded. */
export function giveBack(
  account: Account,
  { amountMinor, lines = [], creditMinor = amountMinor }: Given,
): Account {
  const id = newId() as RefundId
  const refund: Refund = {
    ...{
      id,
      paymentId: paymentOf(account).id,
      amountMinor,
      creditMinor,
      lines,
      reason: '',
      cause: '',
      reference: '',
    },
    ...{ status: 'succeeded', refs: {}, createdAt: now, updatedAt: now },
  }
  const told = withEntry(account, { kind: 'refunded', ref: id, amountMinor })
  return { ...told, refunds: [...account.refunds, refund] }
}

export const paymentOf = ({ payments: [payment] }: Account): Payment => payment!

export function withEntry(account: Account, told: Pick<Entry, 'kind' | 'ref' | 'amountMinor'>): Account {
  const payment = paymentOf(account)
  const seq = 1 + payment.entries.length
  const entry: Entry = { ...told, seq, key: `${told.ref} ${seq}`, currency: payment.currency, at: now }
  return { ...account, payments: [{ ...payment, entries: [...payment.entries, entry] }] }
}

/** An order that is paid, and of which so much was taken. */
export function taken(minor: bigint): Account {
  const account = paid()
  const payment = paymentOf(account)
  const entries = payment.entries.map((entry) =>
    entry.kind === 'captured' ? { ...entry, amountMinor: minor } : entry,
  )
  return { ...account, payments: [{ ...payment, entries }] }
}

export const sum = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((total, amount) => total + amount, 0n)
