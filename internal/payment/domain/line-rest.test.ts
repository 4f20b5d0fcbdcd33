import { equal, ok } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { allocateByLargestRemainder } from '../../platform/allocate-money.ts'
import { newId } from '../../platform/new-id.ts'
import { captured, now, paid } from '../testing/fixtures.ts'
import { amountsOf, type Account, type RefundLine } from './account.ts'
import { creditGoods } from './credit-goods.ts'
import type { ToldLine } from './goods.ts'
import { notOwed, unitsByHand } from './goods-units.ts'
import { restOf } from './line-rest.ts'
import { observe } from './observe.ts'
import { requestRefund } from './request-refund.ts'

const whole = 10_000n
const line = (lineId: string, quantity: number, totalMinor: bigint): ToldLine => ({
  ...{ lineId, quantity, totalMinor, short: 0, returned: 0 },
})

const free = (account: Account, amountMinor: bigint): Account =>
  requestRefund(account, account.payments, { amountMinor, lines: [], reason: 'sorry' }, now, newId).account

const byHand = (account: Account, lines: readonly RefundLine[]): Account =>
  requestRefund(account, account.payments, { amountMinor: undefined, lines, reason: 'back' }, now, newId)
    .account

/** So many more units of each line came back. */
const returned = (account: Account, units: Readonly<Record<string, number>>): Account => {
  const lines = account.gate.lines.map((each) => ({
    ...each,
    returned: each.returned + (units[each.lineId] ?? 0),
  }))
  const { orderId, userId, dueMinor, currency } = account.gate
  const told = { orderId, userId, dueMinor, currency, lines, reason: 'back', keepMinor: undefined }
  return creditGoods(account, told, now, newId).account
}

const rests = ({ gate, refunds }: Account) => gate.lines.map((each) => restOf(each, refunds))
const partsOf = (account: Account) =>
  account.refunds.map(({ lines }) => lines.map(({ lineId, amountMinor }) => [lineId, amountMinor]))

t.test('a free amount falls to the lines by what is left of them, by the largest remainder', (t) => {
  const account = paid({ lines: [line('a', 2, 6_000n), line('b', 1, 3_001n), line('post', 1, 999n)] })
  const first = free(account, 100n)
  t.strictSame(partsOf(first), [
    [
      ['a', 60n],
      ['b', 30n],
      ['post', 10n],
    ],
  ])
  t.match(first.refunds, [{ amountMinor: 100n, creditMinor: 100n, lines: [{ quantity: 0 }, {}, {}] }])
  const afterBook = byHand(first, [{ lineId: 'b', quantity: 1 }])
  t.equal(afterBook.refunds[1]!.amountMinor, 2_971n, 'it gives back what was left of its price')
  t.strictSame(rests(free(afterBook, 6_929n)), [0n, 0n, 0n])
  t.end()
})

t.test('a unit that comes back after a reduction is worth what was left of it', (t) => {
  const reduced = free(paid({ lines: [line('a', 2, 5_000n), line('b', 1, 5_000n)] }), 1_000n)
  const one = returned(reduced, { a: 1 })
  t.match(
    one.refunds.map(({ amountMinor }) => amountMinor),
    [1_000n, 2_250n],
  )
  const two = returned(one, { a: 1 })
  t.match(
    two.refunds.map(({ amountMinor }) => amountMinor),
    [1_000n, 2_250n, 2_250n],
  )
  t.strictSame(rests(two), [0n, 4_500n], 'the other line is reduced by its part, and no more')
  t.end()
})

t.test('a refund on the dashboard falls to the lines as well', (t) => {
  const account = paid({ lines: [line('a', 1, 7_500n), line('b', 1, 2_500n)] })
  const refund = { id: 're_x', ourId: undefined, status: 'succeeded', failure: undefined } as const
  const told = captured(whole, { refunds: [{ ...refund, amountMinor: 400n }] })
  const seen = observe(account, account.payments[0]!.id, told, now, newId)
  t.strictSame(rests(seen), [7_200n, 2_400n])
  t.end()
})

t.test('what gives back an excess, and what was canceled, falls to no line', (t) => {
  const account = paid({ lines: [line('a', 1, 6_000n)], dueMinor: 6_000n })
  t.strictSame([partsOf(account), rests(account)], [[[]], [6_000n]])
  const given = free(paid({ lines: [line('a', 1, whole)] }), 500n)
  const canceled = {
    ...given,
    refunds: given.refunds.map((each) => ({ ...each, status: 'canceled' as const })),
  }
  t.strictSame([rests(given), rests(canceled)], [[9_500n], [whole]])
  t.end()
})

t.test('refunds by lines of an earlier version, which wrote no amounts, count by their units', (t) => {
  const given = byHand(paid({ lines: [line('a', 4, whole)] }), [{ lineId: 'a', quantity: 1 }])
  const old = {
    ...given,
    refunds: given.refunds.map((each) => ({
      ...each,
      lines: each.lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
    })),
  }
  t.strictSame([rests(given), rests(old)], [[7_500n], [7_500n]])
  t.end()
})

const step = fc.oneof(
  fc.record({ kind: fc.constant('free' as const), minor: fc.bigInt(1n, 3_000n) }),
  fc.record({ kind: fc.constant('hand' as const), nth: fc.nat(3), units: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('back' as const), nth: fc.nat(3), units: fc.integer({ min: 1, max: 3 }) }),
)
const cases = fc.tuple(
  fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.bigInt(1n, 50n)), { minLength: 1, maxLength: 4 }),
  fc.array(step, { maxLength: 14 }),
)

/** Does what is possible of a step. */
function done(account: Account, wanted: Step): Account {
  if (wanted.kind === 'free') {
    const left = rests(account).reduce((sum, rest) => sum + rest, 0n)
    const amount = wanted.minor < left ? wanted.minor : left
    return amount > 0n ? free(account, amount) : account
  }
  const of = account.gate.lines[wanted.nth % account.gate.lines.length]!
  const units = Math.min(wanted.units, unitsLeft(account, of.lineId))
  if (units === 0) return account
  if (wanted.kind === 'back') return returned(account, { [of.lineId]: units })
  return byHand(account, [{ lineId: of.lineId, quantity: units }])
}

type Step =
  | { readonly kind: 'free'; readonly minor: bigint }
  | { readonly kind: 'hand' | 'back'; readonly nth: number; readonly units: number }

function unitsLeft({ gate, refunds }: Account, lineId: string): number {
  const of = gate.lines.find((each) => each.lineId === lineId)!
  return of.quantity - notOwed(of) - unitsByHand(refunds, lineId)
}

t.test('single refunds, of units and of free amounts, add up to each line and to the whole', (t) => {
  fc.assert(
    fc.property(cases, ([shapes, steps]) => {
      const totals = allocateByLargestRemainder(
        whole,
        shapes.map(([, weight]) => weight),
      )
      let account = paid({
        lines: shapes.map(([quantity], index) => line(`l${index}`, quantity, totals[index]!)),
      })
      for (const each of steps) {
        const before = account
        account = done(account, each)
        rests(account).forEach((rest, index) => ok(rest >= 0n && rest <= rests(before)[index]!))
        ok(amountsOf(account).pendingMinor <= whole)
      }
      for (const { lineId } of account.gate.lines)
        while (unitsLeft(account, lineId) > 0) account = returned(account, { [lineId]: 1 })
      const gone = account.refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
      const kept = rests(account).reduce((sum, rest) => sum + rest, 0n)
      equal(gone + kept, whole)
      equal(amountsOf(account).creditedMinor, gone)
      equal(kept, 0n)
    }),
    { numRuns: 300 },
  )
  t.pass()
  t.end()
})
