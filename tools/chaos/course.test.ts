import t from 'tap'
import { courseOf } from './course.ts'

const told = (at: number, status: number) =>
  ({ t: 'told', key: 'k', attempt: 1, at, status, code: '' }) as const
const operation = { name: 'look', order: 'o' } as const
const asked = { t: 'asked', key: 'k', attempt: 1, at: 5_000, operation } as const

t.test('answers are counted by second and kind, from the first request on', async (t) => {
  const history = [
    asked,
    told(5_900, 200),
    told(6_000, 201),
    told(6_999, 409),
    told(7_100, 0),
    told(7_200, 503),
  ]
  const samples = [
    { at: 4_000, oldestMs: 1 },
    { at: 6_000, oldestMs: 500 },
    { at: 7_000, oldestMs: undefined },
  ]
  const run = { kind: 'postgres-kill', beganAt: 6_000, endedAt: 7_500, isExercised: true, proof: '' } as const
  const { seconds, answered, pending, faults } = courseOf(history, samples, [
    run,
    { ...run, isExercised: false },
  ])
  t.equal(seconds, 2.5)
  t.same(answered, [
    { second: 0, done: 1, refused: 0, failed: 0 },
    { second: 1, done: 1, refused: 1, failed: 0 },
    { second: 2, done: 0, refused: 0, failed: 2 },
  ])
  t.same(pending, [
    [1, 0.5],
    [2, undefined],
  ])
  t.same(faults, [{ name: 'postgres-kill', from: 1, to: 2.5 }])
})

t.test('of a run without requests there is nothing to show', async (t) => {
  t.same(courseOf([], [], []), { seconds: 0, answered: [], pending: [], faults: [] })
})
