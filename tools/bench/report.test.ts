import t from 'tap'
import type { Run } from './measure.ts'
import { ratiosOf } from './ratios.ts'
import { median, rowOf } from './row.ts'
import { ratioTable, tablesOf } from './tables.ts'
import type { Latency } from '../shared/meter.ts'

const latency = (ms: number): Latency => ({ count: 9, p50Ms: ms, p90Ms: ms, p99Ms: ms, maxMs: ms })
const usage = { node: 100, postgres: 50, nats: 10, sandbox: 0, load: 20 }

function run(scenario: Run['scenario'], name: string, done: number, settledSeconds?: number): Run {
  const orders = settledSeconds && {
    ...{ accepted: done, accept: latency(5), turnedAway: 0, settled: done, confirmed: done },
    ...{ settledSeconds, settle: latency(50) },
  }
  const measured = { seconds: 2, done, latency: latency(5), errors: {}, ...(orders ? { orders } : {}) }
  return { scenario, name, measured, cpuMicros: usage, memoryMb: usage }
}

t.test('the median of an even number lies between the middle two', async (t) => {
  t.same([median([3, 1, 2]), median([4, 1, 3, 2]), median([])], [2, 2.5, 0])
})

t.test('settled orders count until the last one is settled', async (t) => {
  const row = rowOf([run('orders', 'one line', 400, 4), run('orders', 'one line', 800, 4)])
  t.match(row, { rounds: 2, perSecond: 300, settledPerSecond: 150 })
})

t.test('what is settled is compared with the baseline of the same servers', async (t) => {
  const rows = [rowOf([run('baseline', 'baseline', 1_000)]), rowOf([run('orders', 'one line', 1_000, 2.5)])]
  t.match(ratiosOf(rows)[0], { name: 'settled orders / baseline', value: 0.8 })
  t.match(tablesOf(rows, rows[0]), /orders: one line +500 +400 +0\.80/)
  t.match(ratioTable(ratiosOf(rows)), /settled orders \/ baseline +0\.80 +0\.80 +1\.50 +must/)
})

t.test('errors are named under the tables', async (t) => {
  const { measured, ...rest } = run('reads', 'page', 10)
  const row = rowOf([{ ...rest, measured: { ...measured, errors: { '503 overloaded': 3 } } }])
  t.match(tablesOf([row], undefined), /reads: page: 3 × 503 overloaded/)
})
