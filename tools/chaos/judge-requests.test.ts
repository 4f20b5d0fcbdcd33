import t from 'tap'
import type { EndRefund } from './end-money.ts'
import { broken, charge, judged, payment, paying } from './testing/money.ts'
import { did } from './testing/world.ts'

t.test('a payment that was answered is there, once, and what was refused is not', async (t) => {
  const rule = 'a payment that was answered is there, once, as it was answered'
  t.ok(broken({ state: { payments: [] } }).includes(rule))
  t.ok(broken({ state: { payments: [payment({ amount: 2_499 })] } }).includes(rule))
  t.ok(broken({ state: { payments: [payment(), payment({ id: 'p2' })] } }).includes(rule))
  const refused = did('pay-1', paying.operation, { status: 409 })
  t.ok(broken({ operations: [refused] }).includes(rule))
  const silent = { ...did('pay-1', paying.operation, { status: 503 }), isDefinite: false }
  t.same(judged({ operations: [silent] }).counts.pay, { 'unknown-recovered': 1 })
})

t.test('a refund that was answered was given back, once and whole', async (t) => {
  const rule = 'a refund that was answered was given back, once and whole'
  const refund: EndRefund = { id: 'r1', payment: 'p1', key: 'refund-1', status: 'succeeded', amount: 500 }
  const asked = did(
    'refund-1',
    { name: 'refund', order: 'o1', payment: 'p1', amount: 5 },
    {
      refund: { id: 'r1', paymentId: 'p1', amount: 5 },
    },
  )
  const at = (amount: number, status = 'succeeded') =>
    charge({ refunded: amount, refunds: [{ refundId: 'r1', amount, status }] })
  const operations = [paying, asked]
  t.notOk(broken({ operations, state: { refunds: [refund] }, charges: [at(500)] }).includes(rule))
  t.ok(broken({ operations, state: { refunds: [] }, charges: [at(500)] }).includes(rule))
  t.ok(broken({ operations, state: { refunds: [refund] }, charges: [at(499)] }).includes(rule))
  t.ok(broken({ operations, state: { refunds: [refund] }, charges: [at(500, 'failed')] }).includes(rule))
  const twice = [refund, { ...refund, id: 'r2' }]
  t.ok(broken({ operations, state: { refunds: twice }, charges: [at(500)] }).includes(rule))
})

t.test('a refund that has failed at the provider is true once staff have paid it back', async (t) => {
  const rule = 'a refund that was answered was given back, once and whole'
  const told = { refund: { id: 'r1', paymentId: 'p1', amount: 5 } }
  const asked = did('refund-1', { name: 'refund', order: 'o1', payment: 'p1', amount: 5 }, told)
  const of = (status: string): readonly EndRefund[] => [
    { id: 'r1', payment: 'p1', key: 'refund-1', status, amount: 500 },
  ]
  const operations = [paying, asked]
  t.ok(broken({ operations, state: { refunds: of('failed') } }).includes(rule))
  t.notOk(broken({ operations, state: { refunds: of('settled_manually') } }).includes(rule))
})
