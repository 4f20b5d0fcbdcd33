import t from 'tap'
import { keysOf, parseRange } from './time-range.ts'

const now = new Date('2026-11-30T22:15:00Z')
const rangeOf = (from: string, to: string, by: 'hour' | 'day' = 'day') => {
  const range = parseRange({ from, to }, by, now)
  return [range.from.toISOString(), range.to.toISOString()].map((text) => text.slice(0, 13))
}

t.test('without a range it is the last 30 days, today included', (t) => {
  t.same(rangeOf('', ''), ['2026-11-01T00', '2026-11-30T23'])
  t.equal(keysOf(parseRange({ from: '', to: '' }, 'day', now), 'day').length, 30)
  t.end()
})

t.test('a date begins and ends whole days, and a time whole hours', (t) => {
  t.same(rangeOf('2026-11-01', '2026-11-02'), ['2026-11-01T00', '2026-11-03T00'])
  t.same(rangeOf('2026-11-01T10:30:00+02:00', '2026-11-01T09:00:01Z'), ['2026-11-01T08', '2026-11-01T10'])
  t.same(rangeOf('', '2026-01-30'), ['2026-01-01T00', '2026-01-31T00'])
  t.end()
})

t.test('hours and days have keys, in order', (t) => {
  const range = parseRange({ from: '2026-11-01T23:00:00Z', to: '2026-11-02T01:00:00Z' }, 'hour', now)
  t.same(keysOf(range, 'hour'), ['2026-11-01T23:00:00Z', '2026-11-02T00:00:00Z'])
  t.same(keysOf(range, 'day'), ['2026-11-01', '2026-11-02'])
  t.end()
})

t.test('what is no range is refused', (t) => {
  const refused = (from: string, to: string, by: 'hour' | 'day', code: string): void =>
    void t.throws(() => parseRange({ from, to }, by, now), { kind: 'invalid', code })
  refused('2026-11-02', '2026-11-01T23:00:00Z', 'day', 'analytics.from-after-to')
  refused('yesterday', '', 'day', 'analytics.invalid-time')
  refused('2026-13-01', '', 'day', 'analytics.invalid-time')
  refused('', '1', 'day', 'analytics.invalid-time')
  refused('2026-01-01', '', 'hour', 'analytics.range-too-long')
  refused('2020-01-01', '', 'day', 'analytics.range-too-long')
  t.end()
})
