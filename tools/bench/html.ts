import type { Ratio } from './ratios.ts'
import { groupNames } from './resource-use.ts'
import type { Row } from './row.ts'
import { ratioTable, tablesOf } from './tables.ts'
import type { Report, Section } from '../shared/html-report.ts'
import type { BarPlot } from '../shared/plots.ts'

export type Measured = { readonly kind: string; readonly rows: readonly Row[] }

/** The tables of a bench with their plots. */
export const benchReport = (
  about: string,
  results: readonly Measured[],
  ratios: readonly Ratio[],
): Report => ({
  ...{ title: 'Tillstream: bench', about },
  sections: [
    ...results.map(sectionOf),
    ...(ratios.length > 0 ? [{ title: 'Ratios', plots: [], text: ratioTable(ratios) }] : []),
  ],
})

function sectionOf({ kind, rows }: Measured): Section {
  const baseline = rows.find(({ name }) => name === 'baseline')
  return {
    title: kind,
    plots: [speeds(rows, baseline), costs(rows), ...delays(rows)],
    text: tablesOf(rows, baseline),
  }
}

const nameOf = ({ scenario, name }: Row): string => `${scenario}: ${name}`

function speeds(rows: readonly Row[], baseline: Row | undefined): BarPlot {
  const lines = rows.map((row) => {
    const value = row.settledPerSecond ?? row.perSecond
    const ratio =
      baseline && row !== baseline ? { note: `${(value / baseline.perSecond).toFixed(2)} × base` } : {}
    return { name: nameOf(row), values: [value], ...ratio }
  })
  return { kind: 'bars', title: 'Settled orders, or answered requests', unit: 'per s', parts: ['all'], lines }
}

const costs = (rows: readonly Row[]): BarPlot => ({
  ...{ kind: 'bars', title: 'CPU of an order or request', unit: 'µs', parts: groupNames },
  lines: rows.map((row) => ({ name: nameOf(row), values: groupNames.map((group) => row.cpuMicros[group]) })),
})

/** The bar is as long as the 99th percentile. */
function delays(rows: readonly Row[]): readonly BarPlot[] {
  const lines = rows.map((row) => {
    const { p50Ms, p90Ms, p99Ms } = row.accept
    return { name: nameOf(row), values: [p50Ms, p90Ms - p50Ms, p99Ms - p90Ms] }
  })
  return [
    {
      ...{
        kind: 'bars',
        title: 'Time until the answer: half, nine tenths and 99 of 100 came within',
        unit: 'ms',
      },
      ...{ parts: ['p50', 'p90', 'p99'], lines },
    },
  ]
}
