import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Progress } from '../shared/progress.ts'
import type { Scope } from '../../internal/platform/run.ts'
import type { Engine } from './find-engine.ts'
import { becomeHealthy, findSick } from './health.ts'
import { openProject, type Project } from './project.ts'
import { findRoots } from './roots.ts'
import { buyByCard, openCustomers } from './shop.ts'
import { measureImage } from './size.ts'
import { healthyWithinMs, killEach, restartEach, scaleAround, type Tell } from './stress.ts'
import type { Usage } from './usage.ts'

export type CampaignOptions = {
  readonly engine: Engine
  readonly wanted: Usage
  readonly env: NodeJS.ProcessEnv
  readonly progress: Progress
  readonly report: Tell
  /** Where what is known of a failure goes. */
  readonly keepDir: string
}

const buildWithinMs = 900_000
const upWithinMs = 300_000

/** What was not as it must be, in words. */
export async function runCampaign(scope: Scope, options: CampaignOptions): Promise<readonly string[]> {
  const { engine, wanted, env, progress, report } = options
  const project = await openProject(scope, engine, env)
  const { compose, containers } = project
  if (!wanted.isBuilt)
    await progress.during('building the image', () => compose.run(['build'], buildWithinMs))
  const problems: string[] = []
  try {
    await progress.during('starting', async (tell) => {
      const scale = ['--scale', 'order=2', '--scale', 'consumer=2']
      await compose.run(['up', '--detach', '--no-build', ...scale], upWithinMs)
      await becomeHealthy(containers, healthyWithinMs, tell)
    })
    problems.push(...(await measureImage(engine.api, containers, report)))
    problems.push(...(await orderUnderStress(scope, project, options)))
    problems.push(...(await progress.during('auditing in a container', () => audit(project, report))))
    problems.push(...(await progress.during('looking for root', () => findRoots(containers))))
    problems.push(...(await findSick(containers)))
  } catch (err) {
    problems.push(err instanceof Error ? (err.stack ?? err.message) : String(err))
  }
  if (problems.length > 0) await keep(project, options.keepDir)
  const left = await progress.during('removing all of it', () => project.remove())
  return [...problems, ...left.map((name) => `${name} is still there`)]
}

/** Customers come all the time, and what they were told is judged when they have left. */
async function orderUnderStress(
  scope: Scope,
  project: Project,
  { wanted, progress, report }: CampaignOptions,
): Promise<readonly string[]> {
  const { compose, containers } = project
  const customers = await openCustomers(scope, { ...project, rate: wanted.rate })
  const placed = (): string => `${customers.counts()['place 201'] ?? 0} orders`
  const during = (name: string, work: (tell: Tell) => Promise<void>): Promise<void> =>
    progress.during(name, (tell) => work((remark) => tell(`${remark} · ${placed()}`)))
  await during('killing each container', (tell) => killEach(containers, tell, report))
  await during('restarting each service', (tell) => restartEach(containers, tell, report))
  await during('scaling', (tell) => scaleAround(compose, containers, tell, report))
  const verdict = await progress.during('settling and judging', () => customers.leave())
  // Nobody has written this order down, so it comes when all others have been judged.
  const unpaid = await progress.during('buying by card', () => buyByCard(scope, project, customers.tokens))
  const { lost, doubled, oversold, operations, rules, drainMs } = verdict
  report(`answers: ${JSON.stringify(customers.counts())}`)
  report(`outcomes: ${JSON.stringify(operations)}`)
  report(`lost ${lost}, doubled ${doubled}, oversold ${oversold}; settled after ${drainMs ?? 'too many'} ms`)
  return [
    ...Object.entries({ lost, doubled, oversold }).flatMap(([what, n]) => (n > 0 ? [`${n} ${what}`] : [])),
    ...rules.flatMap(({ name, violations, offenders }) =>
      violations > 0 ? [`${name}: ${violations} violations, such as ${offenders.join('; ')}`] : [],
    ),
    ...(drainMs === undefined ? ['it did not come to rest'] : []),
    ...((operations.place?.ok ?? 0) === 0 ? ['no order was accepted'] : []),
    ...unpaid,
  ]
}

async function audit({ containers }: Project, report: Tell): Promise<readonly string[]> {
  // Its role may read all schemas.
  const consumer = (await containers.all()).find(({ service }) => service === 'consumer')
  if (!consumer) return ['there is no container to audit in']
  const { exitCode, output } = await containers.run(consumer, ['node', 'dist/cmd/audit/main.js'])
  report(`audit: ${output.trim().split('\n').at(-1) ?? ''}`)
  return exitCode === 0 ? [] : [`the audit ended with ${exitCode}:\n${output}`]
}

async function keep({ containers, dir }: Project, keepDir: string): Promise<void> {
  await mkdir(keepDir, { recursive: true })
  await cp(path.join(dir, 'history.jsonl'), path.join(keepDir, 'history.jsonl')).catch(() => undefined) // not begun
  for (const container of await containers.all()) {
    const log = await containers.log(container).catch(String)
    await writeFile(path.join(keepDir, `${container.name}.log`), log)
  }
}
