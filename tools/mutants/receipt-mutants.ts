import type { Hunt, Mutant } from './mutant.ts'

const drills = 'internal/payment/receipt-drills.int.test.ts'
const notes = 'internal/payment/domain/credit-note.test.ts'
const inPostgres = 'internal/payment/infrastructure/postgres-receipts.ts'
const inStore = 'internal/payment/infrastructure/store-receipts.ts'
const inMigration = 'prisma/payment/migrations/20261128213000_receipts/migration.sql'
const drill = (file: string, test: string): Hunt => ({ by: 'drill', file, test })

/** Rules of receipts and credit notes. */
export const receiptMutants: readonly Mutant[] = [
  {
    name: 'number-outside-the-transaction',
    rule: 'the number of a document is taken in the transaction that stores it',
    patches: [
      {
        file: inPostgres,
        search: 'sql.transaction((tx) => issueAll(tx, batch, stationery))',
        replace: 'issueAll(sql, batch, stationery)',
      },
    ],
    hunt: drill(drills, 'a transaction that is rolled back leaves no gap'),
  },
  {
    name: 'two-receipts-for-one-cause',
    rule: 'one cause has one document',
    patches: [
      {
        file: inStore,
        search: '!byCause.has(cause) && causes.indexOf(cause) === index',
        replace: 'index >= 0',
      },
      {
        file: inMigration,
        search: 'CREATE UNIQUE INDEX "receipts_cause_key"',
        replace: 'CREATE INDEX "receipts_cause_key"',
      },
      {
        file: inMigration,
        search: 'CREATE UNIQUE INDEX "receipts_of_order"',
        replace: 'CREATE INDEX "receipts_of_order"',
      },
    ],
    hunt: drill(drills, 'one cause has one receipt, however often and wherever it is asked for'),
  },
  {
    name: 'receipts-can-be-changed',
    rule: 'the database refuses to change a document that was issued',
    patches: [
      {
        file: inMigration,
        search:
          "    RAISE EXCEPTION 'a document that was issued never changes' USING ERRCODE = 'restrict_violation';\n",
        replace: '    RETURN NEW;\n',
      },
    ],
    hunt: drill(drills, 'the database refuses to change or delete a document'),
  },
  {
    name: 'refund-before-receipt-forgotten',
    rule: 'a refund that was quicker than its receipt is credited with it',
    patches: [
      {
        file: inPostgres,
        search: 'if (trace) await credit(tx, account, trace)',
        replace: 'if (trace && account) continue',
      },
      { file: inPostgres, search: '  const credit = creditNotes(stationery)\n', replace: '' },
    ],
    hunt: drill(drills, 'a refund that was quicker than the receipt is credited with it'),
  },
  {
    name: 'refund-without-credit-note',
    rule: 'a refund of what was receipted has its credit note in its own transaction',
    patches: [
      {
        file: 'internal/payment/infrastructure/credit-notes.ts',
        search: '(after.refunds !== before?.refunds && after.refunds.some(',
        replace: '(after.refunds === before?.refunds && after.refunds.some(',
      },
    ],
    hunt: drill(drills, 'a refund has its credit note as soon as it has succeeded, in one transaction'),
  },
  {
    name: 'excess-credited',
    rule: 'an excess that goes back has no credit note',
    patches: [
      {
        file: 'internal/payment/domain/credit-note.ts',
        search: 'isOver || capturedMinor > totalMinor ? capturedMinor : totalMinor',
        replace: 'isOver ? capturedMinor : totalMinor',
      },
    ],
    hunt: drill(notes, 'an excess that goes back is not credited'),
  },
  {
    name: 'credited-in-one-note',
    rule: 'a refund is credited in full, although one that has failed has left it some of its credit',
    patches: [
      {
        file: 'internal/payment/domain/credit-note.ts',
        search: 'leftMinor: refund.amountMinor - credited }',
        replace: 'leftMinor: credited > 0n ? 0n : refund.amountMinor }',
      },
    ],
    hunt: drill(
      'internal/payment/domain/credit-note-again.test.ts',
      'refunds that fail after all and are paid by hand are credited in full',
    ),
  },
  {
    name: 'credit-shared-by-the-whole',
    rule: 'credit notes are shared out over what earlier ones have left, so that they add up',
    patches: [
      {
        file: 'internal/payment/domain/share-credit.ts',
        search: 'netMinor: netMinor - sum(gone.map((part) => part.netMinor)),',
        replace: 'netMinor: netMinor - sum(gone.map((part) => part.netMinor)) * 0n,',
      },
    ],
    hunt: drill(notes, 'credit notes add up to the receipt for each rate, to the cent, and never exceed it'),
  },
  {
    name: 'receipt-for-authorized-money',
    rule: 'a receipt is issued when the money was taken',
    patches: [
      {
        file: 'internal/order/domain/receipt.ts',
        search: '(moneyTaken || totalMinor === 0n) && alive',
        replace: '(moneyTaken || totalMinor >= 0n) && alive',
      },
    ],
    hunt: drill(
      'internal/order/application/issue-receipts.test.ts',
      'an order that is paid for gets its receipt, and has it noted',
    ),
  },
  {
    name: 'receipt-noted-before-it-is-issued',
    rule: 'an order has a receipt noted only when it has been issued',
    patches: [
      {
        file: 'internal/order/application/issue-receipts.ts',
        search: '    await Promise.all(due.map(issue))\n',
        replace:
          '    await receipts.markIssued(due.map(({ order }) => order.id))\n    await Promise.all(due.map(issue))\n',
      },
    ],
    hunt: drill(
      'internal/order/application/issue-receipts.test.ts',
      'when nobody issues receipts, the event comes again and nothing is noted',
    ),
  },
]
