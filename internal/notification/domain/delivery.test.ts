import t from 'tap'
import { delivery, later, now } from '../testing/fixtures.ts'
import { beginSending, fail, lose, markSent, putOff, requeue, skip } from './delivery.ts'

const begun = beginSending(delivery(), now, later(60_000)).state

t.test('a mail that was sent stays sent', (t) => {
  const { state, events } = markSent(begun, now)
  t.match(state, { status: 'sent', attempts: 1, version: 1 })
  t.match(events, [{ type: 'sent' }])
  for (const step of [() => requeue(state, now), () => lose(state, 'x', now), () => fail(state, 'x', now)])
    t.throws(step, { kind: 'conflict', code: 'notification.sent' })
  t.end()
})

t.test('what nobody knows goes on only by staff, or by the worker that knows after all', (t) => {
  const { state, events } = lose(begun, 'no-answer', now)
  t.match(state, { status: 'unknown', failure: 'no-answer' })
  t.match(events, [{ type: 'unknown' }])
  t.throws(() => beginSending(state, now, later(1)), { code: 'notification.unknown' })
  t.match(requeue(state, later(9)).state, { status: 'queued', attempts: 0, nextAt: later(9), failure: '' })
  t.match(markSent(state, now).state, { status: 'sent', version: 2 })
  t.end()
})

t.test('what is being sent can not be sent again', (t) => {
  t.throws(() => requeue(begun, now), { kind: 'conflict', code: 'notification.sending' })
  t.throws(() => requeue(delivery(), now), { code: 'notification.queued' })
  t.end()
})

t.test('what was refused for a while comes again later each time, up to an hour', (t) => {
  const waits = [1, 2, 3, 4, 5, 6, 60].map((attempts) => {
    const { nextAt } = putOff({ ...begun, attempts }, 'smtp-451', now).state
    return (nextAt.getTime() - now.getTime()) / 1_000
  })
  t.same(waits, [5, 30, 120, 600, 1_800, 3_600, 3_600])
  t.end()
})

t.test('what nobody wants is over without an event', (t) => {
  t.match(skip(delivery(), 'muted', now), {
    state: { status: 'skipped', failure: 'muted', version: 0 },
    events: [],
  })
  t.end()
})
