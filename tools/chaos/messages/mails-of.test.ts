import t from 'tap'
import { mailsOf } from './mails-of.ts'

const of = (subject: string, data: object = {}): readonly string[] =>
  mailsOf({ subject, data: JSON.stringify(data) })

t.test('an order that is held is confirmed, and its hold ends', async (t) => {
  t.same(of('order.confirmed', { order: { holdUntil: '2026-11-29T08:00:00.000Z' } }), [
    ...['order.confirmed', 'order.hold-ending'],
  ])
  t.same(of('order.confirmed', { order: {} }), ['order.confirmed'])
})

t.test('a receipt is a mail, and a credit note goes along with its refund', async (t) => {
  t.same(of('receipt.issued', { kind: 'receipt' }), ['order.paid'])
  t.same(of('receipt.issued', { kind: 'credit-note' }), [])
})

t.test('customers are welcome, and staff are told by others', async (t) => {
  t.same(of('user.created', { role: 'customer' }), ['account.welcome'])
  t.same(of('user.created', { role: 'staff' }), [])
})

t.test('of most events nobody gets a mail', async (t) => {
  t.same(of('order.created'), ['order.placed'])
  t.same(of('order.paid'), [], 'the mail follows with the receipt')
  t.same(of('stock.adjusted'), [])
})
