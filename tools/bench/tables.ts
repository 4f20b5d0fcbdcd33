import type { Ratio } from './ratios.ts'
import type { Row } from './row.ts'
import { groupNames } from './resource-use.ts'
import type { Latency } from '../shared/meter.ts'
import { columns, wholeFigure, type Cells } from '../shared/tables.ts'

/** A table of speeds and one of costs. `baseline` is the one on the same servers. */
export function tablesOf(rows: readonly Row[], baseline: Row | undefined): string {
  const speeds = [
    [
      '',
      'per s',
      'settled/s',
      '× base',
      'p50 ms',
      'p90',
      'p99',
      'max',
      'settle p50',
      'p90',
      'p99',
      'max',
      'errors',
    ],
    ...rows.map((row) => [
      `${row.scenario}: ${row.name}`,
      wholeFigure(row.perSecond),
      row.settledPerSecond === undefined ? '' : wholeFigure(row.settledPerSecond),
      ratioTo(row, baseline),
      ...latencies(row.accept),
      ...(row.settle ? latencies(row.settle) : ['', '', '', '']),
      wholeFigure(Object.values(row.errors).reduce((sum, count) => sum + count, 0)),
    ]),
  ]
  const costs = [
    ['CPU µs per order or request', ...groupNames, 'all', 'memory MB', ...groupNames],
    ...rows.map((row) => [
      `${row.scenario}: ${row.name}`,
      ...groupNames.map((group) => wholeFigure(row.cpuMicros[group])),
      wholeFigure(groupNames.reduce((sum, group) => sum + row.cpuMicros[group], 0)),
      '',
      ...groupNames.map((group) => wholeFigure(row.memoryMb[group])),
    ]),
  ]
  return [table(speeds), table(costs), ...remarks(rows)].join('\n')
}

export function ratioTable(ratios: readonly Ratio[]): string {
  const figure = ({ unit }: Ratio, value: number): string =>
    unit === '' ? value.toFixed(2) : `${value < 10 ? value.toFixed(1) : wholeFigure(value)} ${unit}`
  return table([
    ['', 'measured', 'must', 'aim', ''],
    ...ratios.map((ratio) => {
      const { name, value, must, aim, isLess = false } = ratio
      const reaches = (bound: number): boolean => (isLess ? value <= bound : value >= bound)
      const verdict = reaches(aim) ? 'aim' : reaches(must) ? 'must' : 'not yet'
      return [name, figure(ratio, value), figure(ratio, must), figure(ratio, aim), verdict]
    }),
  ])
}

function* remarks(rows: readonly Row[]): Generator<string> {
  for (const { scenario, name, errors, confirmed, turnedAway } of rows) {
    for (const [error, count] of Object.entries(errors)) yield `${scenario}: ${name}: ${count} × ${error}\n`
    if (name === 'the sale')
      yield `${scenario}: ${name}: ${confirmed ?? 0} confirmed, ${turnedAway ?? 0} turned away at once\n`
  }
}

function ratioTo(row: Row, baseline: Row | undefined): string {
  if (!baseline || (row.settledPerSecond === undefined && !row.name.startsWith('baseline'))) return ''
  return ((row.settledPerSecond ?? row.perSecond) / baseline.perSecond).toFixed(2)
}

const latencies = ({ p50Ms, p90Ms, p99Ms, maxMs }: Latency): readonly string[] =>
  [p50Ms, p90Ms, p99Ms, maxMs].map((ms) => (ms < 10 ? ms.toFixed(1) : wholeFigure(ms)))

/** The first column is aligned to the left, and the others to the right. */
const table = (cells: Cells): string => `${columns(cells, { rightFrom: 1 }).join('\n')}\n`
