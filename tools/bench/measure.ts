import type { PlannedRun } from './plan.ts'
import type { Progress } from '../shared/progress.ts'
import { baselineFault } from './baseline-sql.ts'
import { withClient } from '../shared/database.ts'
import type { Shop } from './shop.ts'
import { cpuMs, each, memoryMb, type Groups, type PerGroup } from './resource-use.ts'
import type { Measured } from './work.ts'
import { startWorker, type Worker } from './worker.ts'

export type Run = {
  readonly scenario: PlannedRun['scenario']
  readonly name: string
  readonly measured: Measured
  /** The CPU time for each settled order or each request. */
  readonly cpuMicros: PerGroup
  readonly memoryMb: PerGroup
}

/** An invariant is violated, so the measurement is worth nothing. */
export class ViolationError extends Error {}

export type MeasureDeps = {
  readonly workerProgram: string
  readonly progress: Pick<Progress, 'during'>
  /** Returns each violated invariant in words. */
  readonly audit: (shop: Shop) => Promise<readonly string[]>
  readonly onClose: (name: string, close: () => Promise<unknown>) => void
}

/** Runs one plan: warm-up, measurement, audit. Throws a ViolationError when the audit finds a violation. */
export async function measure(deps: MeasureDeps, shop: Shop, plan: PlannedRun, title: string): Promise<Run> {
  const work = await plan.work(shop)
  const run = await deps.progress.during(title, async (tell) => {
    if (work.warmupSeconds > 0) tell('warming up')
    const worker = await startWorker(deps.workerProgram, work)
    deps.onClose('load generator', worker.stop)
    const groups = groupsOf(plan, shop, worker)
    const before = await cpuMs(groups)
    const measured = await worker.measure((done, settled) =>
      tell(settled > 0 ? `${done}, ${settled} settled` : `${done}`),
    )
    const after = await cpuMs(groups)
    const memory = await memoryMb(groups)
    await worker.stop()
    const count = Math.max(1, plan.per === 'order' ? (measured.orders?.settled ?? 0) : measured.done)
    const perOrder = each((group) => ((after[group] - before[group]) * 1_000) / count)
    const { scenario, name } = plan
    return { scenario, name, measured, cpuMicros: perOrder, memoryMb: memory }
  })
  const faults = await deps.progress.during(`${title}: audit`, () => faultsOf(deps, shop, plan, work, run))
  if (faults.length > 0) throw new ViolationError(`${title}: ${faults.join('\n')}`)
  return run
}

async function faultsOf(
  deps: MeasureDeps,
  shop: Shop,
  plan: PlannedRun,
  work: Awaited<ReturnType<PlannedRun['work']>>,
  { measured }: Run,
): Promise<readonly string[]> {
  const faults: (string | undefined)[] = []
  if (plan.serves === 'baseline') faults.push(await withClient(shop.databaseUrl, baselineFault))
  if (plan.isAudited) faults.push(...(await deps.audit(shop)))
  const { undecided = 0 } = measured.errors
  if (undecided > 0) faults.push(`${undecided} orders were accepted and never decided`)
  faults.push(await plan.check?.(shop, work, measured))
  return faults.filter((fault) => fault !== undefined)
}

function groupsOf({ serves }: PlannedRun, shop: Shop, worker: Worker): Groups {
  const { node, postgres, nats, sandbox, bare } = shop
  const servers = { postgres, nats, sandbox, load: worker.pid }
  if (serves === 'bare') return { ...servers, node: bare ? [bare.pid] : [] }
  // The shop is idle while the baseline runs. The CPU time that it takes then is shown too.
  return { ...servers, node }
}
