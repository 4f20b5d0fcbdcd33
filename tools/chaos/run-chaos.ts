import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openCrowd } from './crowd.ts'
import type { Runner } from './runner-port.ts'
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
import { messagesComeToRest } from './messages/end-messages.ts'
import { erasuresEnd } from './people/look-at-people.ts'
import type { People } from './people/people.ts'
import { addEndpoints } from './messages/open-messages.ts'
import { verdictOf } from './verdict-of.ts'
import { until } from '../shared/wait.ts'
import type { Progress } from '../shared/progress.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { auditAll } from './audit-all.ts'
import { openField, type OpenField } from './open-field.ts'
import { settleMoney, type Settled } from './compare-the-day.ts'
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
  const { shoppers, people, shelves, staff } = await openCrowd(
    scope,
    { ...opened, history, random, ways },
    progress,
  )
  if (opened.messages) await addEndpoints(opened.messages, staff)
  const field: Field = { ...opened, products: () => shelves.plenty }
  // Some banks approve what was called back, the whole time.
  await field.provider.misbehave({ lateCapture: seededFor(seed, 'late capture').integer(3, 10) / 10 })

  const watch = watchPending(oldestPendingMs(opened.databaseUrl))
  scope.onClose('watch', watch.stop)
  const kinds = wanted.kinds.filter((kind) => !opened.skipped.has(kind))
  const plan = planFaults({ seed, seconds: wanted.seconds, kinds })
  const runs = await progress.during(`seed ${seed}: breaking`, (tell) =>
    breakIt({ wanted, plan, field, shoppers, people, random, tell, scope }),
  )
  const settled = await progress.during(`seed ${seed}: healing and draining`, async () => {
    await heal(field)
    await everybodyIsAnswered([shoppers, people])
    return whileDeclining(field.provider, () => settle(field, staff))
  })
  await watch.stop()
  await history.close()
  const result = await progress.during(`seed ${seed}: judging`, async () => {
    const entries = await readHistory(historyFile)
    return resultOf({
      seed,
      history: entries,
      verdict: await verdictOf(field, staff.http, people, entries),
      people: people.counts(),
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
    })
  })
  if (!result.isOk) await keep(opened, historyFile, runs, result, keepDir)
  return result
}

async function everybodyIsAnswered(crowds: readonly Pick<Shoppers, 'underWay' | 'giveUp'>[]): Promise<void> {
  const areAnswered = (): boolean => crowds.every((crowd) => crowd.underWay() === 0)
  await until(areAnswered, { withinMs: lastAnswersMs })
  for (const crowd of crowds) crowd.giveUp()
  await until(areAnswered, { withinMs: Infinity }) // each attempt has its own time limit
}

/** Money is where it belongs, who wanted it is erased, and then everybody is told of it. */
async function settle(field: Field, staff: Parameters<typeof settleMoney>[1]): Promise<Settled> {
  const settled = await settleMoney(field, staff)
  const erased = await erasuresEnd(field)
  if (settled.drainMs === undefined || erased === undefined) return { ...settled, drainMs: undefined }
  const told = field.messages ? await messagesComeToRest(field.databaseUrl, field.messages) : 0
  return { ...settled, drainMs: told === undefined ? undefined : settled.drainMs + erased + told }
}

type Breaking = {
  readonly wanted: Usage
  readonly plan: Parameters<typeof runFaults>[0]
  readonly field: Field
  readonly shoppers: Shoppers
  readonly people: People
  readonly random: ReturnType<typeof seeded>
  readonly tell: (remark: string) => void
  readonly scope: Scope
}

/** Clients arrive as long as there are faults, and at least for the wanted time. */
async function breakIt(breaking: Breaking): Promise<readonly FaultRun[]> {
  const { wanted, plan, field, shoppers, people, random, tell, scope } = breaking
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
    runLoad({ shoppers, people, random, seconds, rate, flashBuyers: flashBuyersAt(rate) }, () => {
      return stop.signal.aborted || (end.areFaultsOver && performance.now() >= endsAt)
    }),
  ])
  return broken
}

/** Three for each unit, unless so few orders are wanted that the rush would be most of the run. */
const flashBuyersAt = (rate: number): number => Math.min(3 * flashUnits, 6 * rate)

async function heal(field: Field): Promise<void> {
  const { lines, disks, postgres, nats, provider, messages, services, spares } = field
  for (const line of Object.values(lines)) line.setMode({ kind: 'clear' })
  await Promise.all([disks.postgres?.free(), disks.nats?.free()])
  await Promise.all([postgres.start(), nats.start(), provider.start(), messages?.inbox.start()])
  await provider.misbehave(undefined)
  await Promise.all(spares.map((spare) => spare.end('SIGTERM')))
  await Promise.all(services.map((service) => service.start()))
}

async function healedStreams({ services, spares }: Field): Promise<number> {
  const logs = await Promise.all([...services, ...spares].map((runner) => runner.log()))
  return countOf(logs.join(''), /the stream is made anew and filled again/g)
}

const unplannedEnds = ({ services, ...field }: Field): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...services, ...serversOf(field)].flatMap((runner) =>
      runner.unplannedEnds() > 0 ? [[runner.name, runner.unplannedEnds()]] : [],
    ),
  )

const serversOf = ({
  postgres,
  nats,
  provider,
  messages,
}: Pick<Field, 'postgres' | 'nats' | 'provider' | 'messages'>): readonly Runner[] => [
  ...[postgres, nats, provider],
  ...(messages ? [messages.inbox] : []),
]

async function keep(
  field: OpenField,
  historyFile: string,
  runs: readonly FaultRun[],
  result: Result,
  dir: string,
): Promise<void> {
  await mkdir(dir, { recursive: true })
  await cp(historyFile, path.join(dir, 'history.jsonl'))
  const { provider, services, spares } = field
  for (const runner of [...serversOf(field), ...services, ...spares])
    await writeFile(path.join(dir, `${runner.name}.log`), await runner.log())
  await writeFile(path.join(dir, 'faults.json'), JSON.stringify(runs, undefined, 2))
  await writeFile(path.join(dir, 'result.json'), JSON.stringify(result, undefined, 2))
  await writeFile(path.join(dir, 'charges.json'), JSON.stringify(await provider.charges()))
}
