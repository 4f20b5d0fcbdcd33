import t from 'tap'
import type { Charge } from './charges.ts'
import type { EndPayment, EndRefund } from './end-money.ts'
import type { EndOrder, EndState } from './end-state.ts'
import { differingPayments, judgeMoney } from './judge-money.ts'
import type { Operation, Told } from './history.ts'
import type { Attempts } from './operations.ts'

// An order of 25.00 that was paid by one card, and what each rule says when something of it is not so.

const order = (more: Partial<EndOrder> = {}): EndOrder => ({
  ...{ id: 'o1', key: 'k1', user: 'ann', status: 'paid', paymentStatus: 'paid', total: 25 },
  ...{ items: [], history: ['pending', 'confirmed', 'paid'] },
  ...more,
})
const payment = (more: Partial<EndPayment> = {}): EndPayment => ({
  ...{ id: 'p1', order: 'o1', key: 'pay-1', provider: 'stripe', status: 'captured', amount: 2_500 },
  ...{ captured: 2_500, refunded: 0, gate: 'open', keepsMoney: false },
  ...more,
})
const charge = (more: Partial<Charge> = {}): Charge => ({
  ...{ ref: 'pi_1', paymentId: 'p1', orderId: 'o1', status: 'captured', captured: 2_500, refunded: 0 },
  refunds: [],
  ...more,
})
const end = (more: Partial<EndState> = {}): EndState => ({
  ...{ orders: [order()], adjustments: [], available: new Map(), late: 0 },
  ...{ payments: [payment()], refunds: [], unfinished: [] },
  ...more,
})
const did = (key: string, operation: Operation, told: Partial<Told>): Attempts => ({
  ...{ key, operation, isDefinite: true },
  told: [{ t: 'told', key, attempt: 1, at: 1, status: 201, code: '', ...told }],
})
const paying = did(
  'pay-1',
  { name: 'pay', order: 'o1', method: 'card', token: 'pm_card_visa' },
  {
    payment: { id: 'p1', orderId: 'o1', amount: 25 },
  },
)

type World = { operations?: readonly Attempts[]; state?: Partial<EndState>; charges?: readonly Charge[] }
const judged = ({ operations = [paying], state = {}, charges = [charge()] }: World) =>
  judgeMoney(operations, end(state), charges)
const broken = (world: World): readonly string[] =>
  judged(world).rules.flatMap(({ name, violations }) => (violations > 0 ? [name] : []))

const toTheCent = 'the provider and our books agree to the cent'
const forDead = 'nobody is charged for an order that has ended'
const tooMuch = 'nobody pays more than the order costs'
const paidIfCome = 'an order is paid exactly if its money has come'
const statusTrue = 'the payment status of an order says what the provider has'

t.test('what was paid once, and is in both books, is in order', async (t) => {
  t.same(broken({}), [])
  t.match(judged({}), {
    counts: { pay: { ok: 1 } },
    money: { paidOrders: 1, captured: 2_500, refunded: 0, difference: 0 },
  })
})

t.test('a cent that the provider has not, or has, is a difference', async (t) => {
  for (const captured of [2_499, 2_501]) {
    const tampered = [charge({ captured })]
    t.ok(broken({ charges: tampered }).includes(toTheCent))
    t.equal(judged({ charges: tampered }).money.difference, 1)
    t.equal(differingPayments([payment()], tampered).length, 1)
  }
  t.ok(broken({ charges: [charge({ refunded: 1 })] }).includes(toTheCent))
  t.ok(broken({ charges: [] }).includes(toTheCent), 'the provider knows nothing of it')
})

t.test('a payment that was made twice, or is not ours, is found', async (t) => {
  const rule = 'the provider has no payment twice, and none that is not ours'
  t.ok(broken({ charges: [charge(), charge({ ref: 'pi_2', captured: 0 })] }).includes(rule))
  t.ok(broken({ charges: [charge(), charge({ ref: 'pi_2', paymentId: 'p9' })] }).includes(rule))
  t.equal(judged({ charges: [charge(), charge({ ref: 'pi_2', paymentId: null })] }).money.difference, 2_500)
})

t.test('money that is kept for an order that has ended is found, unless an admin has said so', async (t) => {
  const admin = did('c1', { name: 'cancel', order: 'o1', refund: 'none' }, { status: 200 })
  const customer = did('c1', { name: 'cancel', order: 'o1' }, { status: 200 })
  for (const status of ['canceled', 'expired', 'rejected']) {
    const orders = [order({ status })]
    t.ok(broken({ state: { orders } }).includes(forDead), status)
    const kept = { orders, payments: [payment({ keepsMoney: true, gate: 'closed' })] }
    t.notOk(broken({ operations: [paying, admin], state: kept }).includes(forDead))
    t.ok(broken({ operations: [paying, customer], state: kept }).includes(forDead), 'nobody has said so')
    t.ok(broken({ operations: [paying, admin], state: { orders } }).includes(forDead), 'it was not heard')
  }
  const back = { captured: 2_500, refunded: 2_500 }
  const returned = {
    orders: [order({ status: 'canceled', paymentStatus: 'refunded' })],
    payments: [payment(back)],
  }
  t.same(broken({ state: returned, charges: [charge(back)] }), [])
})

t.test('money that was taken twice is found', async (t) => {
  const second = { ...charge({ ref: 'pi_2', paymentId: 'p2' }) }
  const payments = [payment(), payment({ id: 'p2', key: undefined })]
  t.same(broken({ state: { payments }, charges: [charge(), second] }), [tooMuch, statusTrue])
})

t.test('an order that is called paid without its money, or not called so with it, is found', async (t) => {
  t.ok(broken({ state: { payments: [] }, charges: [] }).includes(paidIfCome))
  t.ok(broken({ state: { orders: [order({ status: 'confirmed' })] } }).includes(paidIfCome))
  t.ok(broken({ state: { orders: [order({ paymentStatus: 'pending' })] } }).includes(statusTrue))
})

t.test('what is stuck is found', async (t) => {
  const unfinished = [{ what: 'refund waiting', order: 'o1', error: 'no answer' }]
  t.ok(broken({ state: { unfinished } }).includes('nothing that a provider was asked or has told is stuck'))
  for (const stuck of [
    payment({ status: 'unknown' }),
    payment({ status: 'action_required', gate: 'closed' }),
  ])
    t.ok(broken({ state: { payments: [stuck] } }).includes('no payment waits in the end'))
})

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
