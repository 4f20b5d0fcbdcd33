import { createHistogram } from 'node:perf_hooks'

const microsPerMs = 1_000
/** Durations up to ten minutes with three significant digits. */
const histogramOptions = { lowest: 1, highest: 600_000_000, figures: 3 } as const

export type Latency = {
  readonly count: number
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** Collects durations in constant memory. */
export type Meter = {
  readonly record: (ms: number) => void
  readonly count: () => number
  readonly latency: () => Latency
  readonly reset: () => void
}

export function createMeter(): Meter {
  const histogram = createHistogram(histogramOptions)
  const ms = (micros: number): number => (histogram.count === 0 ? 0 : micros / microsPerMs)
  return {
    record: (duration) => histogram.record(Math.max(1, Math.round(duration * microsPerMs))),
    count: () => histogram.count,
    latency: () => ({
      count: histogram.count,
      p50Ms: ms(histogram.percentile(50)),
      p90Ms: ms(histogram.percentile(90)),
      p99Ms: ms(histogram.percentile(99)),
      maxMs: ms(histogram.max),
    }),
    reset: () => histogram.reset(),
  }
}

/** Counts things by name. */
export type Tally = {
  readonly add: (name: string) => void
  readonly counts: () => Readonly<Record<string, number>>
  readonly reset: () => void
}

export function createTally(): Tally {
  const counts = new Map<string, number>()
  return {
    add: (name) => void counts.set(name, (counts.get(name) ?? 0) + 1),
    counts: () => Object.fromEntries(counts),
    reset: () => counts.clear(),
  }
}
