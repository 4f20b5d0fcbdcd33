import { faultKinds } from './fault-kinds.ts'
import type { Recovery } from './recovery.ts'
import type { FaultTally, Result } from './result.ts'
import { classes, type Rule } from './rule.ts'
import { markdownTable, wholeFigure } from '../shared/tables.ts'

/** The tables of one run, or of several runs together. */
export function tablesOf(results: readonly Result[]): string {
  const many = results.length > 1
  const parts = [
    ...(many ? [runTable(results)] : []),
    operationTable(results),
    moneyTable(results),
    ...(results.some(({ verdict }) => verdict.messages) ? [messageTable(results)] : []),
    peopleTable(results),
    faultTable(results),
    ruleTable(results),
    endTable(results),
    ...results.flatMap(({ seed, problems }) => problems.map((problem) => `- seed ${seed}: ${problem}`)),
  ]
  return `${parts.join('\n\n')}\n`
}

function runTable(results: readonly Result[]): string {
  return markdownTable([
    [
      'seed',
      'mode',
      'orders',
      'checkouts',
      'payments',
      'faults',
      'lost',
      'doubled',
      'oversold',
      'violations',
      'healed',
      'by hand',
      'drained in s',
      'verdict',
    ],
    ...results.map(({ seed, mode, verdict, faults, audit, healedStreams, deletedByHand, drainMs, isOk }) => [
      ...[String(seed), mode],
      wholeFigure(total(Object.values(verdict.operations.place ?? {}))),
      wholeFigure(total(Object.values(verdict.operations.checkout ?? {}))),
      wholeFigure(verdict.money.payments),
      wholeFigure(total(faults.map(({ exercised }) => exercised))),
      ...[verdict.lost, verdict.doubled, verdict.oversold].map(wholeFigure),
      wholeFigure(total([...verdict.rules, ...audit].map(({ violations }) => violations))),
      wholeFigure(healedStreams),
      deletedByHand.join(', ') || 'nothing',
      drainMs === undefined ? 'never' : seconds(drainMs),
      isOk ? 'ok' : 'FAILED',
    ]),
  ])
}

function operationTable(results: readonly Result[]): string {
  const names = [...new Set(results.flatMap(({ verdict }) => Object.keys(verdict.operations)))]
  const count = (name: string, ofClass: (typeof classes)[number]): number =>
    total(results.map(({ verdict }) => verdict.operations[name]?.[ofClass] ?? 0))
  return markdownTable([
    ['operations', ...classes],
    ...names.map((name) => [name, ...classes.map((ofClass) => wholeFigure(count(name, ofClass)))]),
  ])
}

/** What the provider of payments has. The difference is between that and our books, all payments together. */
function moneyTable(results: readonly Result[]): string {
  return markdownTable([
    [
      'seed',
      'paid orders',
      'taken',
      'given back',
      'disputed',
      'by hand',
      'late',
      'found by the comparison',
      'deaths',
      'difference in cents',
    ],
    ...results.map(({ seed, verdict: { money }, foundByComparison, faults }) => [
      ...[String(seed), wholeFigure(money.paidOrders)],
      ...[money.captured, money.refunded, money.disputed].map((cents) => (cents / 100).toFixed(2)),
      wholeFigure(money.byHand),
      ...[wholeFigure(money.late), wholeFigure(foundByComparison), wholeFigure(deathsIn(faults))],
      wholeFigure(money.difference),
    ]),
  ])
}

function messageTable(results: readonly Result[]): string {
  return markdownTable([
    ['seed', 'mails', 'of unknown outcome', 'left out', 'events for endpoints', 'calls', 'deaths'],
    ...results.flatMap(({ seed, verdict: { messages }, faults }) =>
      messages
        ? [
            [
              ...[String(seed), wholeFigure(messages.mails), wholeFigure(messages.unknown)],
              ...[messages.skipped, messages.wanted, messages.calls, deathsIn(faults)].map(wholeFigure),
            ],
          ]
        : [],
    ),
  ])
}

function peopleTable(results: readonly Result[]): string {
  const deeds = [...new Set(results.flatMap(({ people }) => Object.keys(people)))].sort()
  return markdownTable([
    ['accounts and keys', 'times'],
    ...deeds.map((deed) => [deed, wholeFigure(total(results.map(({ people }) => people[deed] ?? 0)))]),
  ])
}

const deathsIn = (faults: readonly FaultTally[]): number =>
  total(faults.map(({ kind, exercised }) => (/-kill$|^fail-/.test(kind) ? exercised : 0)))

function faultTable(results: readonly Result[]): string {
  const tallies = results.flatMap(({ faults }) => faults)
  const kinds = [...new Set(tallies.map(({ kind }) => kind))].sort()
  const skipped = new Map(results.flatMap((result) => Object.entries(result.skipped)))
  return markdownTable([
    ['fault', 'what', 'planned', 'exercised', 'decided s: median', 'max', 'young s: median', 'max'],
    ...kinds.map((kind) => {
      const ofKind = tallies.filter((one) => one.kind === kind)
      return [
        kind,
        faultKinds[kind].what,
        wholeFigure(total(ofKind.map(({ planned }) => planned))),
        wholeFigure(total(ofKind.map(({ exercised }) => exercised))),
        ...recoveries(ofKind, 'decidedMs'),
        ...recoveries(ofKind, 'youngMs'),
      ]
    }),
    ...[...skipped].map(([kind, reason]) => [kind, `skipped: ${reason}`, '', '', '', '', '', '']),
  ])
}

function recoveries(tallies: readonly FaultTally[], which: keyof Recovery): readonly [string, string] {
  const all = tallies.flatMap(({ recoveries }) => recoveries.map((recovery) => recovery[which]))
  const came = all.filter((ms) => ms !== undefined).sort((a, b) => a - b)
  if (came.length === 0) return ['', '']
  const [low = 0, high = 0] = [came[(came.length - 1) >> 1], came[came.length >> 1]]
  const median = (low + high) / 2
  return [seconds(median), all.length > came.length ? 'never' : seconds(came.at(-1) ?? 0)]
}

function ruleTable(results: readonly Result[]): string {
  const rules = results.flatMap(({ verdict, audit }) => [
    ...verdict.rules.map((rule) => ({ ...rule, name: `clients: ${rule.name}` })),
    ...audit.map((rule) => ({ ...rule, name: `audit: ${rule.name}` })),
  ])
  const names = [...new Set(rules.map(({ name }) => name))]
  const sum = (name: string, figure: (rule: Rule) => number): string =>
    wholeFigure(total(rules.filter((rule) => rule.name === name).map(figure)))
  return markdownTable([
    ['invariant', 'checked', 'violations'],
    ...names.map((name) => [
      name,
      sum(name, ({ checked }) => checked),
      sum(name, ({ violations }) => violations),
    ]),
  ])
}

function endTable(results: readonly Result[]): string {
  const sum = (figure: (result: Result) => number): string => wholeFigure(total(results.map(figure)))
  return markdownTable([
    ['lost', 'doubled', 'oversold', 'answers 500', 'processes that ended by themselves'],
    [
      sum(({ verdict }) => verdict.lost),
      sum(({ verdict }) => verdict.doubled),
      sum(({ verdict }) => verdict.oversold),
      sum(({ answers }) =>
        total(Object.entries(answers).map(([name, n]) => (name.endsWith(' 500') ? n : 0))),
      ),
      sum(({ unplannedEnds }) => total(Object.values(unplannedEnds))),
    ],
  ])
}

const total = (figures: readonly number[]): number => figures.reduce((sum, figure) => sum + figure, 0)
const seconds = (ms: number): string => (ms / 1_000).toFixed(1)
