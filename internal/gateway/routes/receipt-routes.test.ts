import t from 'tap'
import { fakeServices, ids, receipt } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

const gateway = await testGateway(t)

t.test('a receipt has its amounts as decimals and leaves out what is not known', async (t) => {
  const answer = await gateway.send(`GET /receipts/${receipt.id}`, { as: 'customer' })
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['cache-control'], 'no-store')
  t.strictSame(answer.json(), {
    ...{ id: receipt.id, kind: 'receipt', number: 'R-000017', orderId: ids.order, currency: 'USD' },
    items: [
      {
        ...{ lineId: ids.line, sku: 'MUG-1', name: 'Mug', quantity: 2, unitPrice: 999.99 },
        ...{ discount: 10, total: 1989.98, taxPercent: 7.7, tax: 142.27 },
      },
    ],
    ...{ shipping: 0, discount: 10, taxIncluded: true, net: 1847.71, tax: 142.27, total: 1989.98 },
    taxLines: [{ percent: 7.7, net: 1847.71, tax: 142.27 }],
    seller: { name: 'Our Shop', taxId: 'GB123' },
    buyer: {
      ...{ name: 'Ada', line1: '12 St James Square', city: 'London' },
      ...{ postalCode: 'SW1Y 4JH', country: 'GB' },
    },
    issuedAt: receipt.issuedAt,
  })
})

t.test('a credit note names its receipt and its refund', async (t) => {
  const credit = {
    kind: 'credit-note',
    receiptId: receipt.id,
    receiptNumber: 'R-000017',
    refundId: ids.letter,
  }
  const listOrderReceipts = async () => ({ receipts: [{ ...receipt, ...credit }] })
  const { send } = await testGateway(t, fakeServices({ orders: { listOrderReceipts } }))
  const answer = await send(`GET /orders/${ids.order}/receipts`, { as: 'customer' })
  t.match(answer.json(), { data: [credit] })
})

t.test('a document comes as PDF, under its number, and stays in no cache', async (t) => {
  const answer = await gateway.send(`GET /receipts/${receipt.id}.pdf`, { as: 'admin' })
  t.equal(answer.statusCode, 200)
  t.match(answer.headers, {
    'content-type': 'application/pdf',
    'content-disposition': 'inline; filename="R-000017.pdf"',
    'cache-control': 'no-store',
  })
  t.equal(answer.rawPayload.toString('latin1'), '%PDF-')
  t.match(gateway.asked.at(-1), { method: 'drawReceipt', request: { id: receipt.id } })
})

t.test('what is no id is refused, with and without the ending', async (t) => {
  for (const path of ['/receipts/1', '/receipts/1.pdf', `/receipts/${receipt.id}.doc`])
    t.equal((await gateway.send(`GET ${path}`, { as: 'customer' })).statusCode, 400, path)
})
