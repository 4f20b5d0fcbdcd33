import t from 'tap'
import { watchLoopDelay } from './loop-delay.ts'
import { eventually } from './testing/eventually.ts'

t.test('a loop that was held up is known for as long as what waited meanwhile may still come', async (t) => {
  const delay = watchLoopDelay()
  t.teardown(delay.stop)
  await eventually('all is well', () => delay.longestWaitMs() < 200)
  const until = performance.now() + 400
  while (performance.now() < until);
  t.ok(delay.longestWaitMs() >= 400, 'before the timer has run')
  await new Promise((resolve) => setImmediate(resolve))
  t.ok(delay.longestWaitMs() >= 340, 'in the turn of the loop after that')
  await eventually('it is forgotten', () => delay.longestWaitMs() < 200)
})
