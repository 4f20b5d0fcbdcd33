import type { Run } from './measure.ts'
import { each, type PerGroup } from './resource-use.ts'
import type { Latency } from '../shared/meter.ts'

/** The medians of all runs with the same name. */
export type Row = {
  readonly scenario: Run['scenario']
  readonly name: string
  readonly rounds: number
  /** Accepted orders, or requests or transactions that were answered. */
  readonly perSecond: number
  /** Undefined when it has no orders. */
  readonly settledPerSecond: number | undefined
  readonly accept: Latency
  readonly settle: Latency | undefined
  readonly errors: Readonly<Record<string, number>>
  readonly confirmed: number | undefined
  readonly turnedAway: number | undefined
  readonly cpuMicros: PerGroup
  readonly memoryMb: PerGroup
}

export function rowOf(runs: readonly Run[]): Row {
  const [first] = runs
  if (!first) throw new Error('a row needs a run')
  const over = (pick: (run: Run) => number): number => median(runs.map(pick))
  const hasOrders = first.measured.orders !== undefined
  const ofOrders = (pick: (orders: NonNullable<Run['measured']['orders']>) => number): number | undefined =>
    hasOrders ? over(({ measured }) => (measured.orders ? pick(measured.orders) : 0)) : undefined
  return {
    scenario: first.scenario,
    name: first.name,
    rounds: runs.length,
    perSecond: over(({ measured }) => measured.done / measured.seconds),
    settledPerSecond: ofOrders(({ settled, settledSeconds }) => settled / settledSeconds),
    accept: latencyOf(runs.map(({ measured }) => measured.latency)),
    settle: hasOrders ? latencyOf(runs.flatMap(({ measured }) => measured.orders?.settle ?? [])) : undefined,
    errors: sumOf(runs.map(({ measured }) => measured.errors)),
    confirmed: ofOrders(({ confirmed }) => confirmed),
    turnedAway: ofOrders(({ turnedAway }) => turnedAway),
    cpuMicros: each((group) => over((run) => run.cpuMicros[group])),
    memoryMb: each((group) => over((run) => run.memoryMb[group])),
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

const latencyOf = (all: readonly Latency[]): Latency => ({
  count: median(all.map(({ count }) => count)),
  p50Ms: median(all.map(({ p50Ms }) => p50Ms)),
  p90Ms: median(all.map(({ p90Ms }) => p90Ms)),
  p99Ms: median(all.map(({ p99Ms }) => p99Ms)),
  maxMs: median(all.map(({ maxMs }) => maxMs)),
})

function sumOf(all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {}
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count
  return sums
}
