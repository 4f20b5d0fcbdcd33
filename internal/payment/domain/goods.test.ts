import { ok } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { answered, authorized, begun, captured, later, now, paid } from '../testing/fixtures.ts'
import { amountsOf, goodsMinor, isCovered, uncoveredMinor, type Account } from './account.ts'
import { beginPayment, dueNow } from './begin.ts'
import { closeGate } from './close-gate.ts'
import { creditGoods, type ToldGoods } from './credit-goods.ts'
import { changeOf, moneyOf } from './events.ts'
import type { ToldLine } from './goods.ts'
import { recordOffline } from './record-offline.ts'
import { requestRefund } from './request-refund.ts'

/** Three units of 33.33⅓ each. */
const line = (changes: Partial<ToldLine> = {}): ToldLine => ({
  ...{ lineId: 'a', quantity: 3, totalMinor: 10_000n, short: 0, returned: 0 },
  ...changes,
})
const told = (account: Account | undefined, changes: Partial<ToldLine>, more: Partial<ToldGoods> = {}) =>
  creditGoods(
    account,
    {
      ...{ orderId: begun().gate.orderId, userId: undefined, dueMinor: 10_000n, currency: 'EUR' },
      ...{ lines: [line(changes)], reason: 'goods came back', keepMinor: undefined, ...more },
    },
    now,
    newId,
  )
const amounts = ({ refunds }: Account) => refunds.map(({ amountMinor }) => amountMinor)

t.test('what was taken for units that are not owed goes back, once, and single units add up', (t) => {
  const first = told(paid({ lines: [line()] }), { short: 1 })
  t.match(first.refunds, [
    { amountMinor: 3_333n, creditMinor: 0n, lines: [{ lineId: 'a', quantity: 1 }], status: 'requested' },
  ])
  t.match(amountsOf(first.account), { pendingMinor: 3_333n, creditedMinor: 3_333n })
  t.ok(isCovered(first.account))
  const again = told(first.account, { short: 1 })
  t.equal(again.account, first.account)
  t.strictSame(again.refunds, [], 'the same again')
  t.equal(told(first.account, { short: 0 }).account, first.account, 'an old word')
  const second = told(first.account, { short: 1, returned: 1 }).account
  t.strictSame(amounts(told(second, { short: 1, returned: 2 }).account), [3_333n, 3_333n, 3_334n])
  t.equal(told(second, { short: 1, returned: 9 }).account.refunds[2]?.amountMinor, 3_334n, 'no unit twice')
  t.end()
})

const beginningOf = ({ gate }: Account) => ({
  ...{ orderId: gate.orderId, userId: undefined, dueMinor: 10_000n, currency: 'EUR', provider: 'fake' },
  ...{
    method: 'card',
    token: '',
    returnUrl: '',
    client: '',
    capture: 'at-once' as const,
    orderCapture: 'at-once' as const,
  },
  ...{ isCancelable: true, endsAfterMs: undefined, paymentId: undefined },
})

t.test('where nothing was paid yet, less is due; what was only authorized is not captured', (t) => {
  const unpaid = told(undefined, { short: 1 }).account
  t.match([uncoveredMinor(unpaid), amounts(unpaid)], [6_667n, []])
  const begins = { ...beginningOf(unpaid), lines: [line()] }
  t.equal(beginPayment(unpaid, begins, now, newId).payment.amountMinor, 6_667n, 'an old word of the order')
  const byShipment = answered(begun({ lines: [line()], capture: 'shipment' }), authorized())
  t.match(amounts(told(byShipment, { short: 1 }).account), [])
  const { account } = recordOffline(
    dueNow(undefined, { ...beginningOf(unpaid), lines: [line()] }, now),
    { reference: 'bank-1', amountMinor: 6_667n },
    now,
    newId,
  )
  t.notOk(isCovered(account))
  const covered = told(account, { short: 1 })
  t.ok(isCovered(covered.account), 'what has come is enough now')
  t.match(changeOf(account, covered.account, now).events, [
    { type: 'payment.due_changed', money: { dueMinor: 6_667n, covered: true } },
  ])
  t.end()
})

t.test('an order that ended keeps the price of what was packed, until that comes back', (t) => {
  const closing = { reason: 'canceled', refund: 'full', keepMinor: 6_666n } as const
  const account = paid({ lines: [line()] })
  const { orderId } = account.gate
  const closed = closeGate(account, { ...closing, orderId }, now, newId).account
  t.strictSame(amounts(closed), [3_334n])
  t.strictSame(amounts(told(closed, { returned: 1 }).account), [3_334n, 3_333n])
  const before = closeGate(told(account, { returned: 1 }).account, { ...closing, orderId }, now, newId)
  t.strictSame(amounts(before.account), [3_333n, 3_334n], 'whichever came first')
  t.strictSame(amounts(told(closed, {}, { keepMinor: 0n }).account), [3_334n, 6_666n], 'it was unpacked')
  t.equal(told(closed, {}, { keepMinor: 9_000n }).account, closed, 'what is kept never rises')
  const kept = closeGate(account, { ...closing, refund: 'none', orderId }, now, newId).account
  t.strictSame(amounts(kept), [])
  t.strictSame(amounts(told(kept, { returned: 1 }).account), [3_333n], 'goods are refunded all the same')
  const nothing = closeGate(undefined, { ...closing, orderId }, now, newId).account
  t.equal(told(nothing, { returned: 1 }).account, nothing, 'nobody had paid')
  t.end()
})

t.test('while late money waits for a revival, and while the end is decided, nothing goes back', (t) => {
  const account = paid({ lines: [line()] })
  const waits = { ...account, gate: { ...account.gate, status: 'closed', lateUntil: later(1_000) } as const }
  t.strictSame(amounts(told(waits, { short: 1 }).account), [])
  const closing = { ...account, gate: { ...account.gate, status: 'closing' } as const }
  t.strictSame(amounts(told(closing, { short: 1 }).account), [3_333n], 'it is covered, so it does not end')
  t.end()
})

t.test('however units are short, come back and are refunded by hand, they add up to what was paid', (t) => {
  const step = fc.record({
    what: fc.constantFrom('short' as const, 'returned' as const, 'by hand' as const, 'stale' as const),
    units: fc.integer({ min: 1, max: 3 }),
  })
  const world = fc.record({
    quantity: fc.integer({ min: 1, max: 12 }),
    totalMinor: fc.bigInt(1n, 99_999n),
    steps: fc.array(step, { maxLength: 12 }),
  })
  fc.assert(
    fc.property(world, ({ quantity, totalMinor, steps }) => {
      const lines = [line({ quantity, totalMinor })]
      let account = answered(begun({ lines, dueMinor: totalMinor }), captured(totalMinor))
      let [short, returned, byHand] = [0, 0, 0]
      for (const { what, units } of [...steps, { what: 'returned' as const, units: quantity }]) {
        const left = quantity - short - returned - byHand
        const more = Math.min(units, left)
        if (what === 'by hand') {
          if (more === 0) continue
          const request = {
            amountMinor: undefined,
            lines: [{ lineId: 'a', quantity: more }],
            reason: '',
          }
          const made = requestRefund(account, account.payments, request, now, newId)
          account = made.account
          // A unit that is worth nothing leaves no refund.
          if (made.refunds.length > 0) byHand += more
        } else {
          const old = { short, returned }
          if (what === 'short') short += more
          if (what === 'returned') returned += more
          const goods = { quantity, totalMinor, ...(what === 'stale' ? old : { short, returned }) }
          account = told(account, goods, { dueMinor: totalMinor }).account
        }
        const { capturedMinor, pendingMinor, creditedMinor } = amountsOf(account)
        ok(pendingMinor <= capturedMinor)
        ok(pendingMinor === creditedMinor, 'all that is not owed goes back')
        ok(moneyOf(account).dueMinor === totalMinor - goodsMinor(account.gate))
      }
      ok(amountsOf(account).pendingMinor === totalMinor)
      const causes = account.refunds.map(({ cause }) => cause).filter((cause) => cause !== '')
      ok(new Set(causes).size === causes.length)
    }),
    { numRuns: 500 },
  )
  t.pass()
  t.end()
})
