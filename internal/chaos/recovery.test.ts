import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import { recoveryMs, watchPending } from './recovery.ts'

const sample = (at: number, oldestMs: number | undefined) => ({ at, oldestMs })

t.test('nothing pending at the end of a fault is no recovery at all', async (t) => {
  t.equal(recoveryMs([sample(900, 700), sample(1_000, 0)], 1_000), 0)
})

t.test('it lasts until the oldest pending order is young', async (t) => {
  const samples = [sample(1_000, 8_000), sample(2_000, undefined), sample(3_000, 10_000), sample(4_000, 200)]
  t.equal(recoveryMs(samples, 1_000), 3_000)
})

t.test('an order from before the end that is still young is waited for', async (t) => {
  const samples = [sample(10_000, 3_000), sample(11_000, 4_000), sample(12_000, 5_000), sample(40_000, 0)]
  t.equal(recoveryMs(samples, 10_000), 30_000)
})

t.test('orders that a later fault holds up are not waited for', async (t) => {
  const samples = [sample(1_000, 4_000), sample(9_000, 8_500), sample(20_000, 11_000), sample(99_000, 0)]
  t.equal(recoveryMs(samples, 1_000), 19_000)
  t.equal(recoveryMs([sample(1_000, 4_000), sample(3_000, 1_000), sample(9_000, 7_000)], 1_000), 2_000)
})

t.test('a later fault that keeps orders waiting makes it longer, and not endless', async (t) => {
  const samples = [sample(1_000, 6_000), sample(4_000, 9_000), sample(7_000, undefined), sample(60_000, 0)]
  t.equal(recoveryMs(samples, 1_000), 59_000)
})

t.test('what has recovered just before the watch ends is seen', async (t) => {
  const world = { oldestMs: 9_000 }
  const watch = watchPending(async () => world.oldestMs)
  await eventually('a look', () => watch.samples.length > 0)
  world.oldestMs = 0
  await watch.stop()
  t.ok(recoveryMs(watch.samples, watch.samples[0]!.at) !== undefined)
})

t.test('never is undefined', async (t) => {
  t.equal(recoveryMs([sample(2_000, 9_000)], 1_000), undefined)
})
