import t, { type Test } from 'tap'
import { testDatabase } from '../platform/testing/database.ts'
import { isDone } from './domain/credit-note.ts'
import type { OrderId } from './domain/ids.ts'
import { numberText } from './domain/receipt.ts'
import { admin, customer, newOrderId, newUserId, supply, system } from './testing/fixtures.ts'
import { openPayments, type Payments } from './testing/open-payments.ts'

const open = async (t: Test) => openPayments(t, (await testDatabase(t)).url)
const issue = ({ app }: Payments, orderId = newOrderId()) => app.issueReceipt(supply({ orderId }), system)
const documents = ({ app }: Payments, orderId: OrderId) => app.listReceipts(orderId, system)

/** An order of 100.00 that is paid and has its receipt. */
async function receipted(payments: Payments, orderId = newOrderId()) {
  const { payment } = await payments.begin({ orderId })
  await payments.drain()
  return { orderId, paymentId: payment.id, receipt: await issue(payments, orderId) }
}

/** All numbers of a series, in order. */
async function numbersOf({ sql }: Payments, series: string): Promise<readonly bigint[]> {
  const rows = await sql.$queryRawUnsafe<readonly { readonly number: bigint }[]>(
    'select number from payments.receipts where series = $1 order by number',
    series,
  )
  return rows.map(({ number }) => number)
}

const upTo = (last: number): readonly bigint[] =>
  Array.from({ length: last }, (_, index) => BigInt(index + 1))

t.test('fifty receipts at once, over two replicas, have numbers without gaps', async (t) => {
  const { url } = await testDatabase(t)
  const [one, other] = [openPayments(t, url), openPayments(t, url)]
  const receipts = await Promise.all(Array.from({ length: 50 }, (_, index) => issue(index % 2 ? one : other)))
  t.equal(new Set(receipts.map(numberText)).size, 50)
  t.strictSame(await numbersOf(one, 'R'), upTo(50))
})

t.test('a transaction that is rolled back leaves no gap', async (t) => {
  const payments = await open(t)
  await issue(payments)
  const orderId = newOrderId()
  await payments.sql.$executeRawUnsafe(
    `alter table payments.receipts add constraint planted check (order_id <> '${orderId}')`,
  )
  await t.rejects(issue(payments, orderId), /planted/)
  const [, failed] = await Promise.allSettled([issue(payments), issue(payments, orderId), issue(payments)])
  t.equal(failed.status, 'rejected')
  t.strictSame(await numbersOf(payments, 'R'), upTo(3), 'and those that came with it have theirs')
  await payments.sql.$executeRawUnsafe('alter table payments.receipts drop constraint planted')
  t.equal(numberText(await issue(payments, orderId)), 'R-000004')
})

t.test('one cause has one receipt, however often and wherever it is asked for', async (t) => {
  const { url } = await testDatabase(t)
  const [one, other] = [openPayments(t, url), openPayments(t, url)]
  const orderId = newOrderId()
  const receipts = await Promise.all(
    Array.from({ length: 16 }, (_, index) => issue(index % 2 ? one : other, orderId)),
  )
  t.equal(new Set(receipts.map(({ id }) => id)).size, 1)
  t.strictSame(await numbersOf(one, 'R'), upTo(1))
  const changed = supply({ orderId, totalMinor: 9_000n, discountMinor: 1_000n, taxes: [] })
  t.equal((await one.app.issueReceipt(changed, system)).totalMinor, 10_000n, 'the first one stands')
})

t.test('a receipt and its event are stored together, and the event names nobody', async (t) => {
  const payments = await open(t)
  const buyer = {
    ...{ name: 'Zoë Łukasz', email: 'zoe@example.com', line1: '1 High Street', line2: '' },
    ...{ city: 'London', region: '', postalCode: 'SW1Y 4JH', country: 'GB' },
  }
  const userId = newUserId()
  const wanted = supply({ buyer, userId })
  const receipt = await payments.app.issueReceipt(wanted, system)
  t.match(receipt, { ...wanted, kind: 'receipt', series: 'R', number: 1n, seller: { name: 'Our Shop' } })
  t.strictSame(await payments.app.getReceipt(receipt.id, customer(userId)), receipt)
  const [event] = await payments.sql.$queryRawUnsafe<{ subject: string; data: object }[]>(
    'select subject, data::jsonb as data from producer.outbox where aggregate_id = $1::uuid',
    receipt.id,
  )
  t.strictSame(event, {
    subject: 'receipt.issued',
    data: {
      ...{ receiptId: receipt.id, kind: 'receipt', number: 'R-000001', orderId: wanted.orderId },
      ...{ creditedReceiptId: '', refundId: '', totalMinor: '10000', taxMinor: '1408', currency: 'EUR' },
    },
  })
  t.notMatch(JSON.stringify(event), /Zoë|example\.com|High Street/)
})

t.test('the database refuses to change or delete a document', async (t) => {
  const payments = await open(t)
  await issue(payments)
  for (const sql of [
    'update payments.receipts set total_minor = 1, tax_minor = 0',
    'delete from payments.receipts',
    'truncate payments.receipts',
  ])
    await t.rejects(payments.sql.$executeRawUnsafe(sql), /a document that was issued never changes/, sql)
  t.strictSame(await numbersOf(payments, 'R'), upTo(1))
})

t.test('only services issue receipts, and only those that add up', async (t) => {
  const payments = await open(t)
  for (const who of [admin(), customer()])
    await t.rejects(payments.app.issueReceipt(supply(), who), { code: 'auth.forbidden' })
  await t.rejects(payments.app.issueReceipt(supply({ totalMinor: 1n }), system), { code: 'receipt.invalid' })
  await t.rejects(payments.app.issueReceipt(supply({ cause: '' }), system), { code: 'receipt.invalid' })
  t.strictSame(await numbersOf(payments, 'R'), [])
})

t.test("customers see their own documents and nobody else's", async (t) => {
  const payments = await open(t)
  const userId = newUserId()
  const { id, orderId } = await payments.app.issueReceipt(supply({ userId }), system)
  for (const who of [customer(userId), admin(), system]) {
    t.equal((await payments.app.getReceipt(id, who)).id, id)
    t.equal((await payments.app.listReceipts(orderId, who)).length, 1)
    t.match(await payments.app.drawReceipt(id, who), { number: 'R-000001' })
  }
  const guest = { ...system, actor: undefined }
  await t.rejects(payments.app.getReceipt(id, guest), { code: 'auth.required' })
  await t.rejects(payments.app.getReceipt(id, customer()), { code: 'receipt.not-found' })
  await t.rejects(payments.app.drawReceipt(id, customer()), { code: 'receipt.not-found' })
  t.strictSame(await payments.app.listReceipts(orderId, customer()), [])
})

t.test('a refund has its credit note as soon as it has succeeded, in one transaction', async (t) => {
  const payments = await open(t)
  const { orderId, paymentId, receipt } = await receipted(payments)
  const refund = (amountMinor: bigint | undefined) =>
    payments.app.refundPayment(paymentId, { amountMinor, lines: [], reason: 'a scratch' }, admin())
  const first = (await refund(3_333n)).result.refund
  t.equal((await documents(payments, orderId)).length, 1, 'nothing was given back so far')
  await payments.drain()
  const [, note] = await documents(payments, orderId)
  t.match(note, {
    ...{ kind: 'credit-note', series: 'C', number: 1n, totalMinor: 3_333n, cause: `refund:${first.id}` },
    credits: { receiptId: receipt.id, receiptNumber: 'R-000001', refundId: first.id },
  })
  const rows = await payments.sql.$queryRawUnsafe<{ refund: bigint; note: bigint }[]>(
    `select (select xmin::text::bigint from payments.refunds where id = $1::uuid) as refund,
       (select xmin::text::bigint from payments.receipts where refund_id = $1::uuid) as note`,
    first.id,
  )
  t.equal(rows[0]?.note, rows[0]?.refund, 'one transaction')
  await refund(undefined)
  await payments.drain()
  const notes = (await documents(payments, orderId)).slice(1)
  t.strictSame(notes.map(numberText), ['C-000001', 'C-000002'])
  for (const { ratePpm, netMinor, taxMinor } of receipt.taxes) {
    const own = notes.flatMap(({ taxes }) => taxes.filter((each) => each.ratePpm === ratePpm))
    t.equal(
      own.reduce((sum, each) => sum + each.netMinor, 0n),
      netMinor,
    )
    t.equal(
      own.reduce((sum, each) => sum + each.taxMinor, 0n),
      taxMinor,
    )
  }
})

t.test('fifty refunds at once have one credit note each, without gaps', async (t) => {
  const { url } = await testDatabase(t)
  const one = openPayments(t, url)
  const other = openPayments(t, url, one)
  const { orderId, paymentId } = await receipted(one)
  const request = { amountMinor: 200n, lines: [], reason: '' }
  await Promise.all(Array.from({ length: 50 }, () => one.app.refundPayment(paymentId, request, admin())))
  await Promise.all([one.drain(), other.drain()])
  await one.drain()
  const notes = (await documents(one, orderId)).filter(({ kind }) => kind === 'credit-note')
  t.equal(new Set(notes.map(({ credits }) => credits?.refundId)).size, 50)
  t.equal(
    notes.reduce((sum, { totalMinor }) => sum + totalMinor, 0n),
    10_000n,
  )
  t.strictSame(await numbersOf(one, 'C'), upTo(50))
})

t.test('a refund that was quicker than the receipt is credited with it', async (t) => {
  const payments = await open(t)
  const orderId = newOrderId()
  const { payment } = await payments.begin({ orderId })
  await payments.drain()
  await payments.app.refundPayment(payment.id, { amountMinor: 1_000n, lines: [], reason: '' }, admin())
  await payments.drain()
  t.ok((await payments.account(orderId)).refunds.every(({ status }) => isDone(status)))
  t.strictSame(await documents(payments, orderId), [], 'what has no receipt is not credited')
  await issue(payments, orderId)
  t.match(await documents(payments, orderId), [
    { kind: 'receipt' },
    { kind: 'credit-note', totalMinor: 1_000n },
  ])
  await issue(payments, orderId)
  t.equal((await documents(payments, orderId)).length, 2)
})

t.test('a canceled order is credited in full; one whose money is kept is not', async (t) => {
  const payments = await open(t)
  const closing = { reason: 'canceled', keepMinor: 0n }
  const given = await receipted(payments)
  await payments.app.closeGate({ ...closing, orderId: given.orderId, refund: 'full' }, system)
  await payments.drain()
  t.match(await documents(payments, given.orderId), [
    { kind: 'receipt', totalMinor: 10_000n },
    { kind: 'credit-note', totalMinor: 10_000n },
  ])
  const kept = await receipted(payments)
  await payments.app.closeGate({ ...closing, orderId: kept.orderId, refund: 'none' }, system)
  await payments.drain()
  t.match(await documents(payments, kept.orderId), [{ kind: 'receipt' }])
})

t.test('what an order was paid too much goes back without a credit note', async (t) => {
  const payments = await open(t)
  const { orderId } = await receipted(payments)
  const money = { orderId, userId: undefined, dueMinor: 10_000n, currency: 'EUR', lines: [] }
  await payments.app.recordOffline({ ...money, reference: 'bank-1', amountMinor: 2_500n }, system)
  await payments.drain()
  const { refunds } = await payments.account(orderId)
  t.match(refunds, [{ amountMinor: 2_500n, creditMinor: 0n }])
  t.match(await documents(payments, orderId), [{ kind: 'receipt' }])
})
