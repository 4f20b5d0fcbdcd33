import t from 'tap'
import { eventually } from '../../internal/platform/testing/eventually.ts'
import { recoveryOf, watchPending } from './recovery.ts'

const sample = (at: number, oldestMs: number | undefined) => ({ at, oldestMs })

t.test('nothing pending at the end of a fault is no recovery at all', async (t) => {
  t.same(recoveryOf([sample(900, 700), sample(1_000, 0)], 1_000), { youngMs: 0, decidedMs: 0 })
})

t.test('it lasts until the oldest pending order is young', async (t) => {
  const samples = [sample(1_000, 8_000), sample(2_000, undefined), sample(3_000, 10_000), sample(4_000, 200)]
  t.same(recoveryOf(samples, 1_000), { youngMs: 3_000, decidedMs: 3_000 })
})

t.test('an order from before the end that is still young then may have to wait yet', async (t) => {
  const samples = [sample(10_000, 3_000), sample(11_000, 4_000), sample(12_000, 5_000), sample(40_000, 0)]
  t.same(recoveryOf(samples, 10_000), { youngMs: 0, decidedMs: 30_000 })
})

t.test('orders that a later fault holds up make the one longer, and the other not', async (t) => {
  const samples = [sample(1_000, 6_000), sample(9_000, 7_500), sample(20_000, 11_000), sample(60_000, 0)]
  t.same(recoveryOf(samples, 1_000), { youngMs: 59_000, decidedMs: 8_000 })
})

t.test('what has recovered just before the watch ends is seen', async (t) => {
  const world = { oldestMs: 9_000 }
  const watch = watchPending(async () => world.oldestMs)
  await eventually('a look', () => watch.samples.length > 0)
  world.oldestMs = 0
  await watch.stop()
  t.not(recoveryOf(watch.samples, watch.samples[0]!.at).youngMs, undefined)
})

t.test('never is undefined', async (t) => {
  t.same(recoveryOf([sample(2_000, 9_000)], 1_000), { youngMs: undefined, decidedMs: undefined })
})
