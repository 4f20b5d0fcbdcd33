import { setTimeout as sleep } from 'node:timers/promises'
import { faultKinds, type FaultKind, type Part } from './fault-kinds.ts'
import { faults } from './faults.ts'
import { NotExercised, type Field } from './field.ts'
import type { PlannedFault } from './plan.ts'
import { seeded } from '../shared/random.ts'

export type FaultRun = {
  readonly kind: FaultKind
  /** Milliseconds since 1970. */
  readonly beganAt: number
  readonly endedAt: number
  readonly isExercised: boolean
  /** What proves it, or what was wrong. */
  readonly proof: string
}

/**
 * Carries the plan out: at its time, or when the fault before it on the same part has been healed. A kind that others kept from
 * happening gets a second chance when they are over, alone.
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
    // Another fault may have been in its way: it counts as not exercised, and says what happened.
    const proof = err instanceof NotExercised ? err.message : String(err)
    return { kind, beganAt, endedAt: Date.now(), isExercised: false, proof }
  }
}
