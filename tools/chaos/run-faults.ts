import { setTimeout as sleep } from 'node:timers/promises'
import { faultKinds, type FaultKind, type Part } from './fault-kinds.ts'
import { faults } from './faults.ts'
import { NotExercised } from './not-exercised.ts'
import type { Field } from './field.ts'
import type { PlannedFault } from './plan.ts'
import { seeded } from '../shared/random.ts'

export type FaultRun = {
  readonly kind: FaultKind
  /** Milliseconds since 1970. */
  readonly beganAt: number
  readonly endedAt: number
  readonly isExercised: boolean
  /** What proves the fault, or what went wrong. */
  readonly proof: string
}

/**
 * Carries out the plan. Each fault begins at its time, or later when the fault before it on the same part has been
 * repaired. A kind that other faults have prevented gets a second chance alone after them.
 */
export async function runFaults(
  plan: readonly PlannedFault[],
  field: Field,
  stopped: AbortSignal,
  onRun: (run: FaultRun) => void,
): Promise<readonly FaultRun[]> {
  const startedAt = Date.now()
  const runs: FaultRun[] = []
  const parts = [...new Set(plan.map(({ kind }) => faultKinds[kind].part))]
  const carryOut = async (part: Part): Promise<void> => {
    for (const planned of plan.filter(({ kind }) => faultKinds[kind].part === part)) {
      await sleep(Math.max(0, startedAt + planned.atMs - Date.now()), undefined, { signal: stopped })
      await carryOutOne(planned)
    }
  }
  const carryOutOne = async (planned: PlannedFault): Promise<void> => {
    const run = await runFault(planned, field)
    runs.push(run)
    onRun(run)
  }
  await Promise.all(parts.map(carryOut))
  for (const planned of firstOfEachKind(plan)) {
    const isExercised = runs.some((run) => run.kind === planned.kind && run.isExercised)
    if (!isExercised && !stopped.aborted) await carryOutOne(planned)
  }
  return runs
}

const firstOfEachKind = (plan: readonly PlannedFault[]): readonly PlannedFault[] =>
  plan.filter(({ kind }, index) => plan.findIndex((other) => other.kind === kind) === index)

async function runFault({ kind, seed }: PlannedFault, field: Field): Promise<FaultRun> {
  const beganAt = Date.now()
  try {
    const proof = await faults[kind](field, seeded(seed))
    return { kind, beganAt, endedAt: Date.now(), isExercised: true, proof }
  } catch (err) {
    // Another fault may have been in the way. Then this one counts as not exercised, with the error as its reason.
    const proof = err instanceof NotExercised ? err.message : String(err)
    return { kind, beganAt, endedAt: Date.now(), isExercised: false, proof }
  }
}
