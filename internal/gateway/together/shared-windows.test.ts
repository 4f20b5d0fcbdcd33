import t from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import { fakeBuses } from '../testing/fake-bus.ts'
import { sharedWindows } from './shared-windows.ts'
import type { Attempt } from './windows.ts'

/** A gateway whose attempts are answered at once, and its clock. */
function gatewayAt(bus: ReturnType<ReturnType<typeof fakeBuses>['open']>, name = 'x') {
  const clock = { nowMs: 0 }
  const windows = sharedWindows({ bus, secret: 'secret', nowMs: () => clock.nowMs })(name)
  const begin = (key: string, max: number) => windows.begin(key, max) as Attempt // nothing is waited for
  return { clock, begin }
}

function twoGateways() {
  const { open, state, server } = fakeBuses()
  const sent: string[] = []
  server.on('counts', (text: string) => sent.push(text))
  return { one: gatewayAt(open()), other: gatewayAt(open()), state, server, sent }
}

t.test('a window lasts for a minute from its first attempt', async (t) => {
  const { one } = twoGateways()
  t.match(one.begin('k', 2), { isAllowed: true, remaining: 1, resetMs: 60_000 })
  one.clock.nowMs = 59_999
  t.ok(one.begin('k', 2).isAllowed)
  t.match(one.begin('k', 2), { isAllowed: false, remaining: 0, resetMs: 1 })
  one.clock.nowMs = 60_000
  t.match(one.begin('k', 2), { isAllowed: true, remaining: 1 })
})

t.test('a window that another gateway has opened ends when it says', async (t) => {
  const { one, other, sent } = twoGateways()
  one.begin('k', 1)
  one.clock.nowMs = 50_000
  await eventually('it is told', () => sent.length > 0)
  t.match(other.begin('k', 1), { isAllowed: false, resetMs: 10_000 })
  other.clock.nowMs = 10_000
  t.ok(other.begin('k', 1).isAllowed)
})

t.test('what was counted while nobody heard is told when somebody does', async (t) => {
  const { one, other, state } = twoGateways()
  let [isHeard, looked] = [false, 0]
  Object.defineProperty(state, 'isConnected', { get: () => (looked++, isHeard) })
  one.begin('k', 5)
  one.begin('k', 5)
  await eventually('it would have been told twice', () => looked >= 2)
  t.equal(other.begin('k', 5).remaining, 4)
  isHeard = true
  await eventually('it is told', () => {
    const attempt = other.begin('k', 5)
    attempt.forgive()
    return attempt.remaining === 1
  })
})

t.test('usual callers cause no messages, and neither does what is forgiven at once', async (t) => {
  const { one, sent } = twoGateways()
  for (let count = 0; count < 500; count++) one.begin('usual', 60_000)
  one.begin('forgiven', 10).forgive()
  one.begin('told', 10)
  await eventually('something is told', () => sent.length > 0)
  t.equal(sent.length, 1)
  const text = sent[0] ?? ''
  const { counts } = JSON.parse(text.slice(text.indexOf('{'))) as { readonly counts: readonly unknown[] }
  t.match(counts, [[/^[\w-]{22}$/, 1, 60_000]])
  t.equal(counts.length, 1)
})

t.test('a message that makes no sense changes nothing', async (t) => {
  const { one, server } = twoGateways()
  one.begin('k', 3)
  for (const counts of [[[1, 2, 3]], [['a', 0.5, 10]], [['a', 1, -1]], [['a', 1, 'x']]])
    server.emit('counts', `${'x'.repeat(36)} ${JSON.stringify({ name: 'x', counts })}`)
  server.emit('counts', `${'x'.repeat(36)} {"name":"unknown","counts":[["a",1,1]]}`)
  server.emit('counts', `${'x'.repeat(36)} {}`)
  t.equal(one.begin('k', 3).remaining, 1)
})
