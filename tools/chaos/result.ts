import { courseOf, type Course } from './course.ts'
import type { FaultKind } from './fault-kinds.ts'
import type { Entry } from './history.ts'
import type { PlannedFault } from './plan.ts'
import { recoveryOf, type Recovery, type Sample } from './recovery.ts'
import type { Rule } from './rule.ts'
import type { FaultRun } from './run-faults.ts'
import type { Verdict } from './verdict.ts'
import { violationsOf } from '../shared/audit.ts'

export type { Course } from './course.ts'

export type FaultTally = {
  readonly kind: FaultKind
  readonly planned: number
  readonly exercised: number
  /** The recoveries from the faults that were exercised. */
  readonly recoveries: readonly Recovery[]
  /** The proof of the last one, or the reason why none was exercised. */
  readonly proof: string
}

/** One run, and whether it has shown what it should. */
export type Result = {
  readonly seed: number
  readonly isOk: boolean
  /** The reasons why not, in words. */
  readonly problems: readonly string[]
  readonly verdict: Verdict
  /** The result of `npm run audit`. */
  readonly audit: readonly Rule[]
  /** How many streams the producer recreated because an event in them could not be read. */
  readonly healedStreams: number
  /** Streams that an operator would have had to delete. */
  readonly deletedByHand: readonly string[]
  readonly faults: readonly FaultTally[]
  readonly skipped: Readonly<Record<string, string>>
  /** The number of attempts by operation and status. */
  readonly answers: Readonly<Record<string, number>>
  /** How often people and admins have done each thing with accounts and keys. */
  readonly people: Readonly<Record<string, number>>
  /** How often each process ended without being told to. */
  readonly unplannedEnds: Readonly<Record<string, number>>
  readonly drainMs: number | undefined
  /** Payments of which only the comparison of the day has found what the provider knew. */
  readonly foundByComparison: number
  readonly paidBackByHand: number
  /** How the services ran, such as in one process. */
  readonly mode: string
  readonly course: Course
}

export type Findings = Pick<
  Result,
  | (
      | 'seed'
      | 'verdict'
      | 'audit'
      | 'healedStreams'
      | 'deletedByHand'
      | 'answers'
      | 'people'
      | 'unplannedEnds'
    )
  | ('drainMs' | 'foundByComparison' | 'paidBackByHand' | 'mode')
> & {
  readonly plan: readonly PlannedFault[]
  readonly history: readonly Entry[]
  readonly runs: readonly FaultRun[]
  readonly samples: readonly Sample[]
  readonly skipped: ReadonlyMap<FaultKind, string>
}

/** What some of the people must have done, or nothing is shown of it; of all else there is little in a short run. */
const deeds = ['refreshed']

export function resultOf({ plan, history, runs, samples, skipped, ...rest }: Findings): Result {
  const faults = tally(plan, runs, samples)
  const { lost, doubled, oversold, rules } = rest.verdict
  const problems = [
    ...Object.entries({ lost, doubled, oversold }).flatMap(([what, n]) => (n > 0 ? [`${n} ${what}`] : [])),
    ...violationsOf([...rules, ...rest.audit]),
    ...faults.flatMap(({ kind, exercised, proof }) =>
      exercised === 0 ? [`${kind} was not exercised: ${proof}`] : [],
    ),
    ...(rest.drainMs === undefined ? ['it did not come to rest'] : []),
    ...((rest.verdict.operations.place?.ok ?? 0) === 0 ? ['no order was accepted'] : []),
    ...((rest.verdict.operations.checkout?.ok ?? 0) === 0 ? ['no cart was checked out'] : []),
    ...(rest.verdict.money.paidOrders === 0 ? ['no order was paid for'] : []),
    ...deeds.flatMap((deed) => (rest.people[deed] ? [] : [`nobody has ${deed}`])),
    ...(rest.verdict.messages?.mails === 0 ? ['no mail was made'] : []),
    ...(rest.verdict.messages?.calls === 0 ? ['no webhook came'] : []),
    ...(plan.length === 0 ? ['no fault was planned'] : []),
  ]
  const course = courseOf(history, samples, runs)
  return {
    ...rest,
    faults,
    course,
    skipped: Object.fromEntries(skipped),
    problems,
    isOk: problems.length === 0,
  }
}

function tally(
  plan: readonly PlannedFault[],
  runs: readonly FaultRun[],
  samples: readonly Sample[],
): readonly FaultTally[] {
  const kinds = [...new Set(plan.map(({ kind }) => kind))].sort()
  return kinds.map((kind) => {
    const ofKind = runs.filter((run) => run.kind === kind)
    const exercised = ofKind.filter(({ isExercised }) => isExercised)
    return {
      kind,
      planned: plan.filter((planned) => planned.kind === kind).length,
      exercised: exercised.length,
      recoveries: exercised.map(({ endedAt }) => recoveryOf(samples, endedAt)),
      proof: (exercised.at(-1) ?? ofKind.at(-1))?.proof ?? 'its time did not come',
    }
  })
}
