import type { Ratio } from './ratios.ts'
import type { Row } from './row.ts'
import { groupNames } from './resource-use.ts'
import type { Latency } from './work.ts'

/** Speeds, then what they cost. `baseline` is that of the same servers. */
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
      whole(row.perSecond),
      row.settledPerSecond === undefined ? '' : whole(row.settledPerSecond),
      ratioTo(row, baseline),
      ...latencies(row.accept),
      ...(row.settle ? latencies(row.settle) : ['', '', '', '']),
      whole(Object.values(row.errors).reduce((sum, count) => sum + count, 0)),
    ]),
  ]
  const costs = [
    ['CPU µs per order or request', ...groupNames, 'all', 'memory MB', ...groupNames],
    ...rows.map((row) => [
      `${row.scenario}: ${row.name}`,
      ...groupNames.map((group) => whole(row.cpuMicros[group])),
      whole(groupNames.reduce((sum, group) => sum + row.cpuMicros[group], 0)),
      '',
      ...groupNames.map((group) => whole(row.memoryMb[group])),
    ]),
  ]
  return [table(speeds), table(costs), ...remarks(rows)].join('\n')
}

export function ratioTable(ratios: readonly Ratio[]): string {
  const figure = ({ unit }: Ratio, value: number): string =>
    unit === '' ? value.toFixed(2) : `${value < 10 ? value.toFixed(1) : whole(value)} ${unit}`
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
  [p50Ms, p90Ms, p99Ms, maxMs].map((ms) => (ms < 10 ? ms.toFixed(1) : whole(ms)))

const whole = (value: number): string => Math.round(value).toLocaleString('en')

/** The first column to the left, the others to the right. */
function table(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  )
  const drawn = lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
  return `${drawn.join('\n')}\n`
}
