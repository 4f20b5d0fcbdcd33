import t from 'tap'
import { differingPayments } from './judge-money.ts'
import { broken, charge, judged, order, payment, paying } from './testing/money.ts'
import { did } from './testing/world.ts'

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

t.test('what a bank has taken back is neither kept nor a difference, if both books know of it', async (t) => {
  const disputed = { disputed: 2_500 }
  t.same(broken({ state: { payments: [payment(disputed)] }, charges: [charge(disputed)] }), [])
  t.ok(broken({ charges: [charge(disputed)] }).includes(toTheCent), 'we have not heard of it')
  const dead = { orders: [order({ status: 'canceled' })] }
  t.notOk(
    broken({ state: { ...dead, payments: [payment(disputed)] }, charges: [charge(disputed)] }).includes(
      forDead,
    ),
  )
})

t.test('money at the bank is known to no provider, and what staff paid back is gone', async (t) => {
  const invoice = payment({ provider: 'offline' })
  t.same(broken({ state: { payments: [invoice] }, charges: [] }), [])
  const canceled = { orders: [order({ status: 'canceled', paymentStatus: 'refunded' })], payments: [invoice] }
  const byHand = { id: 'r1', payment: 'p1', key: undefined, status: 'settled_manually', amount: 2_500 }
  t.same(broken({ state: canceled, charges: [] }), [forDead, statusTrue])
  t.same(broken({ state: { ...canceled, refunds: [byHand] }, charges: [] }), [])
})

t.test('an order owes less when units were not found, and too much is kept until it is back', async (t) => {
  const notOwed = new Map([['o1', 500]])
  t.same(broken({ state: { notOwed } }), [tooMuch, statusTrue])
  const back = { refunded: 500 }
  const orders = [order({ paymentStatus: 'partially_refunded' })]
  t.same(broken({ state: { notOwed, orders, payments: [payment(back)] }, charges: [charge(back)] }), [])
})

t.test('an invoice may wait for its money in the end, and no other payment', async (t) => {
  const rule = 'no payment waits in the end'
  for (const [provider, isFound] of [
    ['offline', false],
    ['stripe', true],
  ] as const) {
    const waiting = payment({ provider, status: 'created', captured: 0 })
    t.equal(broken({ state: { payments: [waiting] }, charges: [] }).includes(rule), isFound)
  }
})
