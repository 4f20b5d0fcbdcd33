import t from 'tap'
import { allFaultKinds, faultKinds } from './fault-kinds.ts'
import { planFaults } from './plan.ts'

const plan = (seed: number, seconds = 300, kinds = allFaultKinds) => planFaults({ seed, seconds, kinds })

t.test('the same seed is the same plan, another seed another', async (t) => {
  t.same(plan(1), plan(1))
  t.notSame(plan(1), plan(2))
})

t.test('every kind comes in a run that is long enough for it', async (t) => {
  for (const seed of [1, 2, 3]) {
    const dealt = new Set(plan(seed, 600).map(({ kind }) => kind))
    t.same([...dealt].sort(), [...allFaultKinds].sort())
  }
})

t.test('faults come every 1 to 3 s, with quiet windows between', async (t) => {
  const faults = plan(4, 3_000, ['oversize', 'nats-reset', 'service-kill', 'postgres-kill'])
  const gaps = faults.slice(1).map(({ atMs }, index) => atMs - (faults[index]?.atMs ?? 0))
  t.ok(gaps.every((gap) => gap >= 1_000))
  t.ok(gaps.filter((gap) => gap >= 4_000).length > 50, 'quiet windows')
  t.ok(gaps.filter((gap) => gap <= 3_000).length > gaps.length / 2, 'busy ones')
})

t.test('two faults never work on the same part, and all end in time', async (t) => {
  for (const seed of [5, 6, 7]) {
    const free = new Map<string, number>()
    for (const { kind, atMs } of plan(seed, 120)) {
      const { part, takesMs } = faultKinds[kind]
      t.ok(atMs >= (free.get(part) ?? 0), `${kind} at ${atMs}`)
      t.ok(atMs + takesMs <= 120_000)
      free.set(part, atMs + takesMs)
    }
  }
})
