import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { amountsOf, foldOf, isCovered, statusOfPayment, uncoveredMinor, type Account } from './account.ts'
import { beginPayment, maxAttemptsPerOrder } from './begin.ts'
import { closeGate, graceMs, type Closing } from './close-gate.ts'
import { changeOf } from './events.ts'
import type { Operation } from './operation.ts'
import { recordOffline } from './record-offline.ts'
import { reopenGate } from './reopen-gate.ts'
import { settle } from './settle.ts'
import { capturePayment, voidPayment } from './staff-acts.ts'
import {
  answered,
  authorized,
  beginning,
  begun,
  captured,
  later,
  now,
  paid,
  snapshot,
} from '../testing/fixtures.ts'

const close = (account: Account | undefined, changes: Partial<Closing> = {}, at = now) => {
  const orderId = account?.gate.orderId ?? beginning().orderId
  return closeGate(
    account,
    { orderId, reason: 'expired', refund: undefined, keepMinor: 0n, ...changes },
    at,
    newId,
  )
}
const waiting = ({ operations }: Account) =>
  operations
    .filter(({ status }) => status === 'waiting')
    .map(({ kind, amountMinor }) => ({ kind, amountMinor }))
const again = (account: Account, changes = {}) =>
  beginPayment(account, beginning({ orderId: account.gate.orderId, ...changes }), now, newId)
const sent = (account: Account): Account => ({
  ...account,
  operations: account.operations.map((operation): Operation => ({
    ...operation,
    firstTriedAt: now,
    lastTriedAt: now,
    tries: 1,
  })),
})
const waitsForCustomer = (changes = {}) =>
  answered(begun(changes), snapshot({ state: 'action_required', actionUrl: 'http://bank/' }))

t.test('an order is covered by what is authorized and captured', (t) => {
  t.equal(uncoveredMinor(begun()), 10_000n)
  t.equal(uncoveredMinor(answered(begun(), captured(9_999n))), 1n)
  t.ok(isCovered(paid()))
  t.ok(isCovered(answered(begun({ capture: 'shipment' }), authorized())))
  t.throws(() => begun({ dueMinor: 0n }), { kind: 'conflict', code: 'payment.nothing-due' })
  t.throws(() => again(paid()), { code: 'payment.nothing-due' })
  t.end()
})

t.test('the open attempt is used again; another method takes its place', (t) => {
  const first = begun()
  t.equal(again(first).payment.id, first.payments[0]!.id)
  t.equal(again(waitsForCustomer()).isNew, false)
  const other = again(waitsForCustomer(), { method: 'paypal', token: '' })
  t.equal(other.isNew, true)
  t.equal(other.account.payments[0]!.isSuperseded, true)
  t.strictSame(
    waiting(other.account).map(({ kind }) => kind),
    ['create', 'void'],
    'and the first one is called back',
  )
  const unasked = again(begun(), { method: 'paypal', token: '' })
  t.equal(statusOfPayment(unasked.account.payments[0]!), 'canceled')
  t.strictSame(
    waiting(unasked.account).map(({ kind }) => kind),
    ['create'],
  )
  t.end()
})

t.test('while a provider or a bank is on it there is no other attempt', (t) => {
  const processing = answered(begun(), snapshot({ state: 'processing' }))
  for (const account of [sent(begun()), processing])
    t.equal(again(account, { method: 'paypal', token: '' }).payment.id, account.payments[0]!.id)
  t.end()
})

t.test('an order has so many attempts and no more', (t) => {
  let account = begun()
  for (let n = 1; n < maxAttemptsPerOrder; n++)
    account = again(answered(account, snapshot({ state: 'failed' }))).account
  t.equal(account.payments.length, maxAttemptsPerOrder)
  const last = answered(account, snapshot({ state: 'failed' }))
  t.throws(() => again(last), { code: 'payment.too-many-attempts' })
  t.end()
})

t.test('another currency is refused', (t) => {
  t.throws(() => again(begun(), { currency: 'USD' }), { code: 'payment.currency-mismatch' })
  t.end()
})

t.test('closing an order that is not known leaves a tombstone', (t) => {
  const { account, outcome } = close(undefined)
  t.equal(outcome, 'uncovered')
  t.throws(() => again(account), { kind: 'conflict', code: 'payment.order-closed' })
  t.end()
})

t.test('what no provider was asked for is off; what is in its hands is waited for', (t) => {
  const off = close(begun())
  t.equal(off.outcome, 'uncovered')
  t.strictSame(waiting(off.account), [])
  t.equal(statusOfPayment(off.account.payments[0]!), 'canceled')
  const pending = close(sent(begun()))
  t.equal(pending.outcome, 'pending')
  t.equal(pending.account.gate.status, 'closing')
  t.throws(() => again(pending.account), { code: 'payment.order-closed' })
  t.end()
})

t.test('an attempt that waits for the customer is called back, and the end waits for the answer', (t) => {
  const { account, outcome } = close(waitsForCustomer())
  t.equal(outcome, 'pending')
  t.strictSame(waiting(account), [{ kind: 'void', amountMinor: 0n }])
  t.equal(close(account).outcome, 'pending')
  t.equal(waiting(close(account).account).length, 1, 'it is called back once')
  const canceled = answered(account, snapshot({ state: 'canceled' }))
  t.equal(close(canceled).outcome, 'uncovered')
  const paidAfterAll = answered(account, captured())
  t.equal(paidAfterAll.gate.status, 'open', 'the end is called off')
  t.equal(close(paidAfterAll).outcome, 'covered')
  t.strictSame(waiting(close(paidAfterAll).account), [])
  t.end()
})

t.test('a bank redirect cannot be called back: it is waited for until its end and some time more', (t) => {
  const bank = waitsForCustomer({ isCancelable: false, endsAfterMs: 900_000 })
  const { account, outcome } = close(bank)
  t.equal(outcome, 'pending')
  t.strictSame(waiting(account), [])
  t.equal(close(account, {}, later(900_000 + graceMs - 1)).outcome, 'pending')
  t.equal(close(account, {}, later(900_000 + graceMs)).outcome, 'uncovered')
  const superseded = again(bank, { method: 'paypal', token: '' }).account
  const failed = answered(superseded, snapshot({ ref: 'pi_2', state: 'failed' }), 1)
  t.equal(close(failed).outcome, 'pending', 'also when another attempt has taken its place')
  t.equal(close(answered(bank, snapshot({ state: 'processing' }))).outcome, 'pending')
  t.end()
})

t.test('a covered order stays open, unless its end says what becomes of the money', (t) => {
  t.equal(close(paid()).outcome, 'covered')
  t.equal(close(paid()).account.gate.status, 'open')
  const full = close(paid(), { reason: 'canceled', refund: 'full' })
  t.equal(full.outcome, 'covered')
  t.equal(full.account.gate.status, 'closed')
  t.strictSame(waiting(full.account), [{ kind: 'refund', amountMinor: 10_000n }])
  t.strictSame(close(full.account, { refund: 'full' }), full, 'and closing it again changes nothing')
  const none = close(paid(), { reason: 'canceled', refund: 'none' })
  t.strictSame(waiting(none.account), [])
  const part = close(paid(), { reason: 'canceled', refund: 'full', keepMinor: 3_000n })
  t.strictSame(waiting(part.account), [{ kind: 'refund', amountMinor: 7_000n }])
  t.end()
})

t.test('an authorization of an order that is canceled is voided, and captured by nobody', (t) => {
  const account = answered(begun({ capture: 'shipment' }), authorized())
  const closed = close(account, { reason: 'canceled', refund: 'full' }).account
  t.strictSame(waiting(closed), [{ kind: 'void', amountMinor: 0n }])
  t.throws(() => capturePayment(closed, closed.payments[0]!, undefined, true, now, newId), {
    code: 'payment.order-closed',
  })
  t.end()
})

t.test('money that is authorized is captured at once, or when the parcel leaves', (t) => {
  const atOnce = answered(begun(), authorized())
  t.strictSame(waiting(atOnce), [{ kind: 'capture', amountMinor: 10_000n }])
  t.strictSame(waiting(settle(atOnce, now, newId)), waiting(atOnce), 'and ordered once')
  const account = answered(begun({ capture: 'shipment' }), authorized())
  const [payment] = account.payments
  t.strictSame(waiting(account), [])
  const part = capturePayment(account, payment!, 4_000n, false, now, newId)
  t.match(part.operations.at(-1), { kind: 'capture', amountMinor: 4_000n, isFinal: false })
  t.match(capturePayment(account, payment!, 4_000n, true, now, newId).operations.at(-1), { isFinal: true })
  t.throws(() => capturePayment(account, payment!, 10_001n, false, now, newId), {
    code: 'payment.exceeds-authorization',
  })
  t.throws(() => voidPayment(part, payment!, now, newId), { code: 'payment.busy' })
  t.throws(() => voidPayment(paid(), paid().payments[0]!, now, newId), { code: 'payment.not-authorized' })
  t.end()
})

t.test('money that comes after the end goes back in full', (t) => {
  const closed = close(begun(), { reason: 'canceled' }).account
  const late = answered(closed, captured())
  t.strictSame(waiting(late), [{ kind: 'refund', amountMinor: 10_000n }])
  t.match(changeOf(closed, late, now).events, [
    { type: 'payment.captured' },
    { type: 'payment.late' },
    { type: 'refund.requested' },
  ])
  t.strictSame(waiting(answered(closed, authorized())), [{ kind: 'void', amountMinor: 0n }])
  t.strictSame(waiting(answered(late, captured())), waiting(late), 'once')
  t.end()
})

t.test('late money waits for the order to be revived, and no longer than it may', (t) => {
  const closed = close(begun()).account
  const waits = { ...closed, gate: { ...closed.gate, lateUntil: later(60_000) } }
  const late = answered(waits, captured())
  t.strictSame(waiting(late), [])
  t.strictSame(waiting(settle(late, later(60_000), newId)), [{ kind: 'refund', amountMinor: 10_000n }])
  const revived = reopenGate(late, 10_000n, now, newId)
  t.match(revived.gate, { status: 'open', lateUntil: undefined })
  t.ok(isCovered(revived))
  const tooLate = settle(late, later(60_000), newId)
  t.throws(() => reopenGate(tooLate, 10_000n, now, newId), { kind: 'conflict', code: 'payment.given-back' })
  t.end()
})

t.test('a gate opens again only for money that covers the order', (t) => {
  const closed = close(begun()).account
  const waits = { ...closed, gate: { ...closed.gate, lateUntil: later(60_000) } }
  const little = answered(waits, captured(9_999n))
  t.throws(() => reopenGate(little, 10_000n, now, newId), { kind: 'conflict', code: 'payment.not-covered' })
  t.throws(() => reopenGate(waits, 10_000n, now, newId), { code: 'payment.not-covered' })
  t.end()
})

t.test('late money waits no longer once the order is not to be revived', (t) => {
  const closed = close(begun()).account
  const waits = { ...closed, gate: { ...closed.gate, lateUntil: later(60_000) } }
  const late = answered(waits, captured())
  t.strictSame(waiting(close(late).account), [], 'asking again says nothing about it')
  const over = close(late, { refund: 'full' }).account
  t.strictSame(waiting(over), [{ kind: 'refund', amountMinor: 10_000n }])
  t.strictSame(waiting(close(over, { refund: 'full' }).account), waiting(over), 'once')
  t.throws(() => reopenGate(over, 10_000n, now, newId), { code: 'payment.given-back' })
  const opened = reopenGate(late, 10_000n, now, newId)
  const again = close(opened, { refund: 'full' }).account
  t.strictSame(waiting(again), [{ kind: 'refund', amountMinor: 10_000n }], 'also after it was opened')
  t.end()
})

t.test('of two who pay the same order the first one stays, and the second one goes back', (t) => {
  const bank = waitsForCustomer({ isCancelable: false })
  const two = again(bank, { method: 'paypal', token: '' }).account
  const first = answered(two, captured(10_000n, { ref: 'pi_2' }), 1)
  const both = answered(first, captured(), 0)
  t.match(both.refunds, [{ paymentId: both.payments[0]!.id, amountMinor: 10_000n, creditMinor: 0n }])
  t.ok(isCovered(both))
  t.match(changeOf(first, both, now).events, [
    { type: 'payment.captured' },
    { type: 'payment.overpaid' },
    { type: 'refund.requested' },
  ])
  const authorizedFirst = answered(answered(two, authorized(10_000n, { ref: 'pi_2' }), 1), captured(), 0)
  t.match(
    waiting(authorizedFirst),
    [{ kind: 'capture' }, { kind: 'refund' }],
    'also when the first has to be captured',
  )
  t.end()
})

t.test('who keeps the money of a canceled order keeps what it cost, and no second payment', (t) => {
  const two = again(waitsForCustomer({ isCancelable: false }), { method: 'paypal', token: '' }).account
  const first = answered(two, captured(10_000n, { ref: 'pi_2' }), 1)
  const kept = close(first, { reason: 'canceled', refund: 'none' }).account
  t.strictSame(waiting(kept), [])
  const both = answered(kept, captured(), 0)
  t.match(both.refunds, [{ paymentId: both.payments[0]!.id, amountMinor: 10_000n }])
  t.end()
})

t.test('more than is due goes back, less waits for the rest', (t) => {
  t.strictSame(waiting(answered(begun(), captured(10_250n))), [{ kind: 'refund', amountMinor: 250n }])
  const less = answered(begun(), captured(4_000n))
  t.strictSame(waiting(less), [])
  t.equal(again(less, { method: 'paypal', token: '' }).payment.amountMinor, 6_000n)
  t.strictSame(waiting(close(less).account), [{ kind: 'refund', amountMinor: 4_000n }])
  t.end()
})

t.test('another currency covers nothing, and somebody is told', (t) => {
  const wrong = answered(begun(), captured(10_000n, { currency: 'USD' }))
  t.equal(uncoveredMinor(wrong), 10_000n)
  t.match(
    changeOf(begun(), { ...wrong }, now).events.map(({ type }) => type),
    ['payment.initiated', 'payment.mismatch'],
  )
  t.strictSame(waiting(wrong), [])
  t.end()
})

t.test('staff record what came to the bank, once for each reference', (t) => {
  const invoice = begun({ provider: 'offline', method: 'invoice', token: '' })
  t.strictSame(waiting(invoice), [])
  t.equal(statusOfPayment(invoice.payments[0]!), 'action_required')
  const money = { reference: 'bank-1', amountMinor: undefined }
  const { account, payment } = recordOffline(invoice, money, now, newId)
  t.equal(payment.id, invoice.payments[0]!.id)
  t.ok(isCovered(account))
  t.equal(foldOf(account.payments[0]!).capturedMinor, 10_000n)
  t.equal(recordOffline(account, money, now, newId).account, account)
  t.throws(() => recordOffline(account, { ...money, reference: 'bank-2' }, now, newId), {
    code: 'payment.nothing-due',
  })
  t.equal(close(invoice).outcome, 'uncovered', 'an invoice keeps no order open')
  t.equal(amountsOf(recordOffline(begun(), money, now, newId).account).capturedMinor, 10_000n)
  t.end()
})

t.test(
  'money at the bank calls back an attempt that waits for the customer; what still comes goes back',
  (t) => {
    const open = answered(begun(), snapshot({ state: 'action_required', actionUrl: 'https://bank.example' }))
    const { account } = recordOffline(open, { reference: 'bank-1', amountMinor: undefined }, now, newId)
    t.match(account.payments, [{ isSuperseded: true }, { provider: 'offline' }])
    t.match(waiting(account), [{ kind: 'void' }])
    const part = recordOffline(open, { reference: 'bank-1', amountMinor: 4_000n }, now, newId).account
    t.match(part.payments, [{ isSuperseded: false }, {}], 'the rest is still to be paid')
    const both = answered(account, captured(), 0)
    t.match(both.refunds, [{ paymentId: open.payments[0]!.id, amountMinor: 10_000n, creditMinor: 0n }])
    t.end()
  },
)

t.test('events are numbered without gaps and carry the order’s money', (t) => {
  const first = changeOf(undefined, begun(), now)
  const second = changeOf(first.state, answered(first.state, captured()), now)
  t.match(first.events, [
    { type: 'payment.initiated', version: 1, money: { covered: false, dueMinor: 10_000n } },
  ])
  t.match(second.events, [
    { type: 'payment.captured', version: 2, money: { covered: true, capturedMinor: 10_000n } },
  ])
  t.equal(second.state.gate.version, 2)
  t.strictSame(changeOf(second.state, second.state, now).events, [])
  t.end()
})
