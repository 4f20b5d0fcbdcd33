import t from 'tap'
import { extractText } from 'unpdf'
import { createLog } from '../../../platform/log.ts'
import { newId } from '../../../platform/new-id.ts'
import { createScope } from '../../../platform/run.ts'
import type { ReceiptId } from '../../domain/ids.ts'
import type { Receipt } from '../../domain/receipt.ts'
import { now, seller, supply } from '../../testing/fixtures.ts'
import { pdfDrawer } from './pdf-drawer.ts'

const scope = createScope(createLog('test', 'silent'), (err) => t.error(err))
t.teardown(() => scope.close())
const draw = pdfDrawer(scope)

function receipt(changes: Partial<Receipt> = {}): Receipt {
  const draft = {
    ...supply(),
    kind: 'receipt',
    id: newId() as ReceiptId,
    credits: undefined,
    seller,
  } as const
  return { ...draft, series: 'R', number: 17n, issuedAt: now, ...changes }
}

async function textOf(document: Receipt): Promise<{ readonly pages: number; readonly text: string }> {
  const { totalPages, text } = await extractText(await draw(document), { mergePages: true })
  return { pages: totalPages, text: text.replace(/\s+/g, ' ') }
}

const buyer = (name: string) => ({
  ...{ name, email: 'buyer@example.com', line1: '12 St James Square', line2: '' },
  ...{ city: 'London', region: '', postalCode: 'SW1Y 4JH', country: 'GB' },
})

t.test('a receipt says who sold what to whom, for how much and with which tax', async (t) => {
  const { orderId } = receipt()
  const { pages, text } = await textOf(receipt({ orderId, buyer: buyer('Ada Lovelace') }))
  t.equal(pages, 1)
  for (const words of [
    'Receipt R-000017',
    'Date 2026-01-02',
    `Order ${orderId}`,
    'Our Shop 1 High Street London Tax number GB123',
    'Ada Lovelace 12 St James Square SW1Y 4JH London GB buyer@example.com',
    'A kettle SKU 2 40.00 80.00',
    'Net 85.92',
    'Tax 19 % on 67.23 (included) 12.77',
    'Tax 7 % on 18.69 (included) 1.31',
    'Total 100.00',
    'Receipt R-000017 · 1 / 1',
  ])
    t.ok(text.includes(words), `${words} in: ${text}`)
})

t.test('a credit note names its receipt', async (t) => {
  const credits = { receiptId: newId() as ReceiptId, receiptNumber: 'R-000017', refundId: undefined }
  const note = receipt({ kind: 'credit-note', series: 'C', number: 3n, credits, lines: [] })
  const { text } = await textOf(note)
  for (const words of ['Credit note C-000003', 'For receipt R-000017', 'Total given back'])
    t.ok(text.includes(words), `${words} in: ${text}`)
})

t.test('letters with accents, Greek and Cyrillic are shown', async (t) => {
  const name = 'Zoë Łukasz Dvořák Şule Őrsi Þór Ñuñez Nguyễn Ελένη Дмитрий'
  t.ok((await textOf(receipt({ buyer: buyer(name) }))).text.includes(name))
})

t.test('what the font does not have is a box, and nothing fails', async (t) => {
  const { text } = await textOf(receipt({ buyer: buyer('山田 太郎 Tanaka 🧿') }))
  t.ok(text.includes('□□ □□ Tanaka □'), text)
})

t.test('amounts have the decimals of their currency', async (t) => {
  const { text } = await textOf(receipt({ currency: 'JPY' }))
  t.match(text, /10000\b/)
  t.match((await textOf(receipt({ currency: 'KWD' }))).text, /10\.000\b/)
})

t.test('four hundred lines go over pages, each with its heading and its number', async (t) => {
  const [line] = receipt().lines
  const lines = Array.from({ length: 400 }, (_, index) => ({
    ...line!,
    name: `Thing ${index} ${'with a long name '.repeat(index % 9)}`,
  }))
  const { pages, text } = await textOf(receipt({ lines }))
  t.ok(pages > 8, String(pages))
  t.ok(text.includes('Thing 399') && text.includes(`${pages} / ${pages}`))
  t.equal(text.split('Quantity').length - 1, pages)
})

t.test('a document gives the same bytes each time', async (t) => {
  for (const document of [receipt(), receipt({ buyer: buyer('Łukasz') })])
    t.strictSame(await draw(document), await draw(document))
})

t.test('what there is no room for is refused, and the rest is drawn', async (t) => {
  const drawn = await Promise.allSettled(Array.from({ length: 100 }, () => draw(receipt())))
  const refused = drawn.filter(({ status }) => status === 'rejected')
  t.ok(refused.length > 0 && refused.length < 100, `${refused.length} of 100 were refused`)
  t.match(refused[0], { reason: { kind: 'unavailable', code: 'overloaded' } })
  t.ok((await draw(receipt())).length > 0)
})
