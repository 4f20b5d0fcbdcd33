import fc from 'fast-check'
import t from 'tap'
import { confirmedFile, now, shippedFile } from '../testing/fixtures.ts'
import { purchase } from '../testing/purchases.ts'
import { beginClosing } from './closing.ts'
import { applyMoney, paymentStatusOf, type Money } from './money.ts'

const due = 1_000n
const money = (changes: Partial<Money> = {}): Money => ({
  ...{ gateVersion: 1, dueMinor: due, attempt: 'none', flags: [] },
  ...{ authorizedMinor: 0n, capturedMinor: 0n, refundedMinor: 0n },
  ...changes,
})

t.test('the status of the money follows from its amounts', (t) => {
  for (const [changes, status] of [
    [{}, 'unpaid'],
    [{ attempt: 'open' }, 'pending'],
    [{ attempt: 'failed' }, 'failed'],
    [{ authorizedMinor: due }, 'authorized'],
    [{ capturedMinor: due - 1n }, 'partially_paid'],
    [{ capturedMinor: due - 1n, attempt: 'failed' }, 'partially_paid'],
    [{ capturedMinor: due }, 'paid'],
    [{ capturedMinor: 400n, authorizedMinor: 600n }, 'authorized'],
    [{ capturedMinor: due + 1n }, 'overpaid'],
    [{ capturedMinor: due, refundedMinor: 1n }, 'partially_refunded'],
    [{ capturedMinor: due, refundedMinor: due }, 'refunded'],
    [{ dueMinor: 0n }, 'paid'],
  ] as const)
    t.equal(paymentStatusOf(money(changes)), status)
  t.end()
})

t.test('a covered order is paid, once, and no longer held until somebody pays', (t) => {
  const file = confirmedFile({ holdUntil: now })
  const { state, events } = applyMoney(file, money({ capturedMinor: due }), now)!
  t.match(state.order, { status: 'paid', paymentStatus: 'paid', holdUntil: undefined, gateVersion: 1 })
  t.match(events, [{ of: 'order', event: { type: 'paid' } }])
  t.equal(applyMoney(state, money({ capturedMinor: due }), now), undefined)
  const more = applyMoney(state, money({ capturedMinor: due + 5n, gateVersion: 2 }), now)!
  t.match(more, { state: { order: { status: 'paid', paymentStatus: 'overpaid' } }, events: [] })
  t.end()
})

t.test('money that lapses before anything is shipped leaves the order confirmed; later it does not', (t) => {
  const paid = applyMoney(confirmedFile(), money({ authorizedMinor: due }), now)!.state
  const gone = money({ gateVersion: 2 })
  t.match(applyMoney(paid, gone, now)?.state.order, { status: 'confirmed', paymentStatus: 'unpaid' })
  const partly = shippedFile(paid, 1)
  t.match(applyMoney(partly, gone, now)?.state.order, { status: 'paid', paymentStatus: 'unpaid' })
  t.end()
})

t.test('an order that is closing is ended by who closes it', (t) => {
  const closing = { to: 'expired', reason: '', refund: 'none', since: now } as const
  const file = beginClosing(confirmedFile(), closing)!.state
  const { state, events } = applyMoney(file, money({ capturedMinor: due }), now)!
  t.match(state.order, { status: 'confirmed', paymentStatus: 'paid', closing })
  t.equal(events.length, 0)
  t.end()
})

t.test('whatever order the events come in, the newest decides', (t) => {
  const amounts = fc.record({
    captured: fc.bigInt({ min: 0n, max: 2_000n }),
    back: fc.bigInt({ min: 0n, max: 500n }),
  })
  const events = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 20 }), amounts), {
    minLength: 1,
    selector: ([version]) => version,
  })
  fc.assert(
    fc.property(events, fc.func(fc.integer()), (told, keyOf) => {
      const all = told.map(([gateVersion, { captured, back }]) =>
        money({ gateVersion, capturedMinor: captured, refundedMinor: back < captured ? back : captured }),
      )
      const shuffled = [...all].sort((a, b) => keyOf(a.gateVersion) - keyOf(b.gateVersion))
      const last = shuffled.reduce(
        (file, each) => applyMoney(file, each, now)?.state ?? file,
        confirmedFile(),
      )
      const newest = all.reduce((a, b) => (b.gateVersion > a.gateVersion ? b : a))
      const { order } = last
      return (
        order.gateVersion === newest.gateVersion &&
        order.paymentStatus === paymentStatusOf(newest) &&
        (order.status === 'paid') === newest.capturedMinor >= newest.dueMinor
      )
    }),
  )
  t.end()
})

t.test(
  'a payment that waits for its customer holds the stock of a checkout longer, and never shorter',
  async (t) => {
    const { terms } = purchase()
    const holdUntil = new Date(now.getTime() + 900_000)
    const held = (
      attempt: Money['attempt'],
      extension?: { seconds: number | undefined },
      changes: object = {},
    ) => {
      const file = confirmedFile({ terms, holdUntil, createdAt: now, ...changes })
      return applyMoney(file, money({ dueMinor: 648n, attempt }), now, '', extension)?.state.order.holdUntil
    }
    const after = (seconds: number): Date => new Date(now.getTime() + seconds * 1_000)
    t.strictSame(held('waiting', { seconds: 3_600 }), after(3_600))
    t.strictSame(held('waiting', { seconds: 60 }), holdUntil)
    t.equal(held('waiting', { seconds: undefined }), undefined)
    t.strictSame(held('open'), holdUntil)
    t.strictSame(
      held('waiting', { seconds: 3_600 }, { terms: undefined }),
      holdUntil,
      'orders of lines alone have one hold',
    )
    t.strictSame(held('processing', { seconds: 86_400 }), after(86_400))
  },
)
