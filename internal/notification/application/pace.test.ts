import t from 'tap'
import { later } from '../testing/fixtures.ts'
import { pace } from './pace.ts'

t.test('a second’s worth goes at once, and then it goes on at the rate', (t) => {
  const clock = { ms: 0 }
  const { take, giveBack } = pace(10, () => later(clock.ms))
  t.same([take(5), take(5), take(5)], [5, 5, 0])
  clock.ms = 250
  t.equal(take(5), 2)
  giveBack(1)
  t.equal(take(5), 1)
  clock.ms = 90_000
  t.same([take(100), take(1)], [10, 0], 'what nobody used is not saved up')
  clock.ms = 80_000
  t.equal(take(1), 0, 'a clock that is set back gives nothing')
  t.end()
})
