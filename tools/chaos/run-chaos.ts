import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openCrowd } from './crowd.ts'
import { readEndState } from './end-state.ts'
import type { Field } from './field.ts'
import { openHistory, readHistory } from './history.ts'
import { runLoad } from './load.ts'
import { planFaults } from './plan.ts'
import { seeded, seededFor } from '../shared/random.ts'
import { oldestPendingMs, watchPending } from './recovery.ts'
import { resultOf, type Result } from './result.ts'
import { runFaults, type FaultRun } from './run-faults.ts'
import type { Shoppers } from './shoppers.ts'
import { whileDeclining } from './dashboard.ts'
import { waysAtMollie, waysAtStripe } from './ways-to-pay.ts'
import { countOf } from './wait.ts'
import { judge } from './verdict.ts'
import { until } from '../shared/wait.ts'
import type { Progress } from '../shared/progress.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { auditAll } from './audit-all.ts'
import { openField, type OpenField } from './open-field.ts'
import { settleMoney } from './compare-the-day.ts'
import { flashUnits } from './shelves.ts'
import type { Usage } from './usage.ts'

/** The time for operations that have not ended when the faults are over. */
const lastAnswersMs = 120_000

/** Runs one seed: break, heal, drain, judge. After a failure the history and the logs are kept in `keepDir`. */
export async function runChaos(
  scope: Scope,
  seed: number,
  wanted: Usage,
  progress: Progress,
  keepDir: string,
): Promise<Result> {
  const opened = await progress.during('starting the servers and services', () =>
    openField(scope, wanted, seed),
  )
  const historyFile = path.join(opened.dir, 'history.jsonl')
  const history = openHistory(historyFile)
  const random = seeded(seed ^ 0x5eed)
  const ways = wanted.isAtMollie ? waysAtMollie : waysAtStripe
  const { shoppers, shelves, staff } = await openCrowd(scope, { ...opened, history, random, ways }, progress)
  const field: Field = { ...opened, products: () => shelves.plenty }
  // Some banks approve what was called back, the whole time.
  await field.provider.misbehave({ lateCapture: seededFor(seed, 'late capture').integer(3, 10) / 10 })

  const watch = watchPending(oldestPendingMs(opened.databaseUrl))
  scope.onClose('watch', watch.stop)
  const kinds = wanted.kinds.filter((kind) => !opened.skipped.has(kind))
  const plan = planFaults({ seed, seconds: wanted.seconds, kinds })
  const runs = await progress.during(`seed ${seed}: breaking`, (tell) =>
    breakIt({ wanted, plan, field, shoppers, random, tell, scope }),
  )
  const settled = await progress.during(`seed ${seed}: healing and draining`, async () => {
    await heal(field)
    const isAnswered = (): boolean => shoppers.underWay() === 0
    await until(isAnswered, { withinMs: lastAnswersMs })
    shoppers.giveUp()
    await until(isAnswered, { withinMs: Infinity }) // each attempt has its own time limit
    return whileDeclining(field.provider, () => settleMoney(field, staff))
  })
  await watch.stop()
  await history.close()
  const result = await progress.during(`seed ${seed}: judging`, async () =>
    resultOf({
      seed,
      verdict: judge(
        await readHistory(historyFile),
        await readEndState(field.databaseUrl),
        await field.provider.charges(),
      ),
      ...(await auditAll(field, runs)),
      healedStreams: await healedStreams(field),
      answers: shoppers.counts(),
      unplannedEnds: unplannedEnds(field),
      mode: `${wanted.hasProcesses ? 'processes' : 'one process'}${wanted.isAtMollie ? ', Mollie' : ''}`,
      ...settled,
      plan,
      runs,
      samples: watch.samples,
      skipped: opened.skipped,
    }),
  )
  if (!result.isOk) await keep(opened, historyFile, runs, result, keepDir)
  return result
}

type Breaking = {
  readonly wanted: Usage
  readonly plan: Parameters<typeof runFaults>[0]
  readonly field: Field
  readonly shoppers: Shoppers
  readonly random: ReturnType<typeof seeded>
  readonly tell: (remark: string) => void
  readonly scope: Scope
}

/** Clients arrive as long as there are faults, and at least for the wanted time. */
async function breakIt(breaking: Breaking): Promise<readonly FaultRun[]> {
  const { wanted, plan, field, shoppers, random, tell, scope } = breaking
  const endsAt = performance.now() + wanted.seconds * 1_000
  const stop = new AbortController()
  scope.onClose('faults', async () => stop.abort())
  const end = { areFaultsOver: false }
  const count = { faults: 0, exercised: 0 }
  const broken = runFaults(plan, field, stop.signal, ({ isExercised }) => {
    count.faults++
    if (isExercised) count.exercised++
    const placed = shoppers.counts()['place 201'] ?? 0
    tell(`${count.exercised} of ${count.faults} faults exercised, ${plan.length} planned · ${placed} orders`)
  }).finally(() => (end.areFaultsOver = true))
  const { seconds, rate } = wanted
  await Promise.all([
    broken,
    runLoad({ shoppers, random, seconds, rate, flashBuyers: 3 * flashUnits }, () => {
      return stop.signal.aborted || (end.areFaultsOver && performance.now() >= endsAt)
    }),
  ])
  return broken
}

async function heal({ lines, disks, postgres, nats, provider, services, spares }: Field): Promise<void> {
  for (const line of Object.values(lines)) line.setMode({ kind: 'clear' })
  await Promise.all([disks.postgres?.free(), disks.nats?.free()])
  await Promise.all([postgres.start(), nats.start(), provider.start()])
  await provider.misbehave(undefined)
  await Promise.all(spares.map((spare) => spare.end('SIGTERM')))
  await Promise.all(services.map((service) => service.start()))
}

async function healedStreams({ services, spares }: Field): Promise<number> {
  const logs = await Promise.all([...services, ...spares].map((runner) => runner.log()))
  return countOf(logs.join(''), /the stream is made anew and filled again/g)
}

const unplannedEnds = ({ services, postgres, nats, provider }: Field): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...services, postgres, nats, provider].flatMap((runner) =>
      runner.unplannedEnds() > 0 ? [[runner.name, runner.unplannedEnds()]] : [],
    ),
  )

async function keep(
  { postgres, nats, provider, services, spares }: OpenField,
  historyFile: string,
  runs: readonly FaultRun[],
  result: Result,
  dir: string,
): Promise<void> {
  await mkdir(dir, { recursive: true })
  await cp(historyFile, path.join(dir, 'history.jsonl'))
  for (const runner of [postgres, nats, provider, ...services, ...spares])
    await writeFile(path.join(dir, `${runner.name}.log`), await runner.log())
  await writeFile(path.join(dir, 'faults.json'), JSON.stringify(runs, undefined, 2))
  await writeFile(path.join(dir, 'result.json'), JSON.stringify(result, undefined, 2))
  await writeFile(path.join(dir, 'charges.json'), JSON.stringify(await provider.charges()))
}
