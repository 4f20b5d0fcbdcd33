import { missingIn, type Campaign, type Failure } from './campaign.ts'
import type { Outcome } from './run-seed.ts'
import { columns } from '../shared/tables.ts'

/** The number of lines of a history that are printed. `--seed` prints all of them. */
const historyLines = 60

export function campaignReport(campaign: Campaign, from: number): string {
  const { seeds, ms, counts, failure } = campaign
  const lines = [...counts].sort().map(([what, times]) => [`  ${what}`, String(times)])
  const missing = missingIn(counts)
  const range = `seeds ${from} to ${from + seeds - 1}`
  const perSecond = Math.round((seeds * 1_000) / ms)
  return [
    ...columns([['what happened', 'times'], ...lines], { rightFrom: 1 }),
    ...(missing.length > 0 ? [`never happened: ${missing.join(', ')}`] : []),
    `${range}: ${failure ? 'an invariant is broken' : 'no invariant is broken'} (${(ms / 1_000).toFixed(1)} s, ${perSecond} seeds/s)`,
    '',
  ].join('\n')
}

export function failureReport({ seed, violations, shortest, history }: Failure): string {
  const left = Math.max(0, history.length - historyLines)
  return [
    `seed ${seed} breaks:`,
    ...violations.map((violation) => `  ${violation}`),
    `the shortest plan that still does (${shortest.length} steps):`,
    ...shortest.map((step) => `  ${JSON.stringify(step)}`),
    `the end of its history${left > 0 ? ` (${left} lines before it are left out)` : ''}:`,
    ...history.slice(left).map((line) => `  ${line}`),
    `all of it again: npm run simulate -- --from ${seed} --seeds 1; the whole run: npm run simulate -- --seed ${seed}`,
    '',
  ].join('\n')
}

export function runReport(seed: number, { violations, history }: Outcome): string {
  const verdict = violations.length > 0 ? 'an invariant is broken' : 'no invariant is broken'
  return [...history, ...violations.map((each) => `✗ ${each}`), `seed ${seed}: ${verdict}`, ''].join('\n')
}
