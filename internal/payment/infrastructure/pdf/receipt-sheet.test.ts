import t from 'tap'
import { newId } from '../../../platform/new-id.ts'
import type { ReceiptId } from '../../domain/ids.ts'
import type { Receipt, Supply } from '../../domain/receipt.ts'
import { now, seller, supply } from '../../testing/fixtures.ts'
import { receiptSheet } from './receipt-sheet.ts'

function receipt(sold: Supply, changes: Partial<Receipt> = {}): Receipt {
  const draft = { ...sold, kind: 'receipt', id: newId() as ReceiptId, credits: undefined, seller } as const
  return { ...draft, series: 'R', number: 17n, issuedAt: now, ...changes }
}

t.test('lines are before discounts, and what stands below them adds up', async (t) => {
  const [kettle, book] = supply().lines
  const lines = [{ ...kettle!, discountMinor: 500n, totalMinor: 7_500n }, book!]
  const taxes = [{ ratePpm: 200_000, netMinor: 9_990n, taxMinor: 1_998n }]
  const sold = {
    lines,
    discountMinor: 500n,
    shippingMinor: 490n,
    taxes,
    totalMinor: 11_988n,
    taxIncluded: false,
  }
  const { rows, sums } = receiptSheet(receipt(supply(sold)))
  t.strictSame(
    rows.map(({ total }) => total),
    ['80.00', '20.00'],
  )
  t.strictSame(sums, [
    ['Items', '100.00'],
    ['Discount', '-5.00'],
    ['Shipping', '4.90'],
    ['Net', '99.90'],
    ['Tax 20 % on 99.90 (added)', '19.98'],
    ['Total', '119.88'],
  ])
})

t.test('where nothing is taxed, nothing is said of tax, and no buyer where none is known', async (t) => {
  const { sums, buyer } = receiptSheet(receipt(supply({ taxes: [], currency: 'JPY' })))
  t.strictSame(sums, [
    ['Items', '10000'],
    ['Total', '10000'],
  ])
  t.strictSame(buyer, [])
})

t.test('a credit note shows what of a line is given back', async (t) => {
  const lines = [{ ...supply().lines[0]!, quantity: 1, totalMinor: 3_999n, taxMinor: undefined }]
  const sold = supply({
    lines,
    totalMinor: 3_999n,
    taxes: [{ ratePpm: 190_000, netMinor: 3_361n, taxMinor: 638n }],
  })
  const { title, rows, sums } = receiptSheet(receipt(sold, { kind: 'credit-note', series: 'C' }))
  t.equal(title, 'Credit note C-000017')
  t.match(rows, [{ quantity: '1', unitPrice: '40.00', total: '39.99' }])
  t.strictSame(sums, [
    ['Net', '33.61'],
    ['Tax 19 % on 33.61 (included)', '6.38'],
    ['Total given back', '39.99'],
  ])
})
