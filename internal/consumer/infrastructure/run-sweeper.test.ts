import t, { type Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import { silent } from '../../platform/testing/scope.ts'
import { runSweeper } from './run-sweeper.ts'

/** Runs a sweeper until the test ends. `asked`: the age that each sweep asked for. */
function start(t: Test, intervalMs: number, afterSeconds = 30) {
  const state = { isSilent: false, left: 0 }
  const asked: number[] = []
  const stop = new AbortController()
  const sweep = async (age: number) => {
    asked.push(age)
    if (state.left === 0) return []
    state.left--
    return [{ service: 'order', what: 'settled', count: 200 }]
  }
  const sweeping = { sweep, intervalMs, afterSeconds, isSilent: () => state.isSilent, log: silent }
  const ended = runSweeper(sweeping, stop.signal)
  t.teardown(async () => {
    stop.abort()
    await ended
  })
  return { state, asked }
}

t.test('while events come, it sweeps at its interval what is old', async (t) => {
  const { asked } = start(t, 20)
  await eventually('it sweeps', () => asked.length >= 3)
  t.same(new Set(asked), new Set([30]))
  const { asked: never } = start(t, 3_600_000)
  await eventually('it sweeps on', () => asked.length >= 50)
  t.same(never, [], 'its interval is not over')
})

t.test(
  'in silence it sweeps at once what is a few seconds old, and goes on while there is more',
  async (t) => {
    const { state, asked } = start(t, 3_600_000)
    Object.assign(state, { isSilent: true, left: 4 })
    const startedAt = performance.now()
    await eventually('five sweeps', () => asked.length >= 5)
    t.ok(performance.now() - startedAt < 2_500, 'a second until the silence is noticed, and then no pauses')
    t.same(new Set(asked), new Set([3]))
  },
)

t.test('what one sweep has left is swept at once', async (t) => {
  const { state, asked } = start(t, 900)
  state.left = 4
  const startedAt = performance.now()
  await eventually('five sweeps', () => asked.length >= 5)
  t.ok(performance.now() - startedAt < 2_500, 'one interval, and then no pauses')
  t.same(new Set(asked), new Set([30]))
})

t.test('in silence it asks for nothing older than it is told to', async (t) => {
  const { state, asked } = start(t, 20, 1)
  state.isSilent = true
  await eventually('it sweeps', () => asked.length >= 3)
  t.same(new Set(asked), new Set([1]))
})
