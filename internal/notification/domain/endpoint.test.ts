import t from 'tap'
import { endpoint, later, now } from '../testing/fixtures.ts'
import { changeEndpoint, endpointFacts, pauseFailing, rotationMs, validSecrets } from './endpoint.ts'
import { parseEvents, patternsOf } from './webhook-events.ts'

t.test('after a rotation two secrets sign for a day', (t) => {
  const rotated = changeEndpoint(
    endpoint({ secrets: [{ secret: 'a', until: undefined }] }),
    { secret: 'b' },
    now,
  )
  t.same(validSecrets(rotated, now), ['b', 'a'])
  t.same(validSecrets(rotated, later(rotationMs - 1)), ['b', 'a'])
  t.same(validSecrets(rotated, later(rotationMs)), ['b'])
  const again = changeEndpoint(rotated, { secret: 'c' }, later(1))
  t.same(validSecrets(again, later(2)), ['c', 'b'], 'never more than two')
  t.end()
})

t.test('staff pause and resume it', (t) => {
  const paused = changeEndpoint(endpoint(), { isPaused: true }, now)
  t.match(paused, { pausedAt: now, pauseReason: 'staff' })
  t.equal(changeEndpoint(paused, { isPaused: true }, later(1)).pausedAt, now, 'once')
  t.match(changeEndpoint(paused, { isPaused: false }, later(1)), { pausedAt: undefined, pauseReason: '' })
  t.end()
})

t.test('pausing for its failures is told', (t) => {
  const before = endpoint()
  t.match(pauseFailing(before, 'http-410', now), { pausedAt: now, pauseReason: 'http-410', version: 1 })
  t.end()
})

t.test('the log gets no path and no secret', (t) => {
  const facts = endpointFacts(endpoint({ url: 'https://example.com/hooks/T0PS3CRET?k=1' }))
  t.equal(facts.origin, 'https://example.com')
  t.notMatch(JSON.stringify(facts), /T0PS3CRET|whsec_/)
  t.end()
})

const published = ['order.created', 'activity.recorded', 'user.created', 'user.password_reset_requested']

t.test('events are subjects and families of what is published', (t) => {
  t.same(parseEvents(['order.*', '*', 'order.*'], published), ['order.*', '*'])
  for (const wrong of ['order.nothing', 'orders.*', '', 'order', '**', '>'])
    t.throws(() => parseEvents([wrong], published), { code: 'webhook.unknown-event' })
  t.throws(() => parseEvents([], published), { code: 'webhook.unknown-event' })
  t.end()
})

t.test('what is about people and staff is sent to those only who name it', (t) => {
  t.same(patternsOf('activity.recorded'), ['activity.recorded'])
  t.same(patternsOf('user.password_reset_requested'), ['user.password_reset_requested'])
  t.same(patternsOf('session.started'), ['session.started'])
  t.same(patternsOf('user.created'), ['user.created', 'user.*', '*'])
  t.throws(() => parseEvents(['activity.*'], published), { code: 'webhook.unknown-event' })
  t.same(parseEvents(['activity.recorded'], published), ['activity.recorded'])
  t.end()
})
