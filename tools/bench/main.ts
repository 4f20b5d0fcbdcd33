import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, totalmem } from 'node:os'
import path from 'node:path'
import { groupsOf, runGroup, type Group } from './bench.ts'
import { ViolationError, type MeasureDeps, type Run } from './measure.ts'
import { showProgress } from '../shared/progress.ts'
import { ratiosOf } from './ratios.ts'
import type { Row } from './row.ts'
import type { Shop } from './shop.ts'
import { stockShop } from './stock-shop.ts'
import { ratioTable, tablesOf } from './tables.ts'
import { benchReport } from './html.ts'
import { saveHtml } from '../shared/html-report.ts'
import { auditShop, violationsOf } from '../shared/audit.ts'
import { createLog } from '../../internal/platform/log.ts'
import { createScope, type Scope } from '../../internal/platform/run.ts'
import { compile } from '../../scripts/compile.mjs'
import { explained, inScope, runTool, type Fail } from '../shared/tool.ts'
import { runProcesses, runStack } from '../shared/running-shop.ts'
import { parseUsage, type Usage } from './usage.ts'

/** The programs are compiled, like the code that they measure. */
const program = (name: string): string => path.resolve('.cache/tools/tools/bench', `${name}-program.js`)
const progress = showProgress(process.stderr)
const log = createLog('bench', 'warn')

const explain = (err: Error): string =>
  err instanceof ViolationError ? `VIOLATED ${err.message}` : explained(err)

await runTool(
  () => parseUsage(process.argv.slice(2)),
  (wanted) => inScope(log, (scope, fail) => bench(wanted, scope, fail), explain),
)

type Result = { readonly kind: Group['kind']; readonly rows: readonly Row[]; readonly runs: readonly Run[] }

async function bench(wanted: Usage, outer: Scope, fail: Fail): Promise<number> {
  await compile('tools')
  const startedAt = new Date()
  const results: Result[] = []
  for (const group of groupsOf(wanted)) {
    const result = await measureGroup(group, wanted, outer, fail)
    results.push(result)
    const baseline = result.rows.find(({ name }) => name === 'baseline')
    process.stdout.write(`\n${tablesOf(result.rows, baseline)}\n`)
  }
  const ratios = ratiosOf(results.flatMap(({ rows }) => rows))
  if (ratios.length > 0) process.stdout.write(`${ratioTable(ratios)}\n`)
  const report = JSON.stringify({ startedAt, machine: machine(), options: wanted, ratios, results })
  const file = path.join(wanted.outDir, `${startedAt.toISOString().replaceAll(':', '-')}.json`)
  await mkdir(wanted.outDir, { recursive: true })
  await writeFile(file, `${report}\n`)
  const page = file.replace(/json$/, 'html')
  await saveHtml(page, benchReport(aboutOf(startedAt, wanted), results, ratios))
  process.stdout.write(`written to ${file} and ${page}\n`)
  if (wanted.isJson) process.stdout.write(`${report}\n`)
  return 0
}

async function measureGroup(group: Group, wanted: Usage, outer: Scope, fail: Fail): Promise<Result> {
  // The scope is closed with the group, or with the bench when that is interrupted.
  const scope = createScope(log, fail)
  outer.onClose('servers', scope.close)
  const { profileDir } = wanted
  const nodeOptions =
    profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${path.resolve(profileDir)}`]
  const run = group.kind === 'processes' ? runProcesses : runStack
  const running = await progress.during('starting the servers and services', () => run(scope, nodeOptions))
  const hasReads = group.runs.some(({ scenario }) => scenario === 'reads')
  const needs = {
    past: group.kind,
    bare: hasReads ? program('bare') : undefined,
    onClose: scope.onClose,
  }
  const shop = await stockShop(running, needs, wanted, progress)
  const deps: MeasureDeps = {
    workerProgram: program('worker'),
    progress,
    audit: violated,
    onClose: scope.onClose,
  }
  const measured = await runGroup(deps, shop, group, wanted.rounds)
  await progress.during('stopping', () => scope.close())
  return { kind: group.kind, ...measured }
}

async function violated(shop: Shop): Promise<readonly string[]> {
  return violationsOf(await auditShop(shop))
}

function aboutOf(startedAt: Date, { seconds, warmupSeconds, rounds, users }: Usage): string {
  const { cores, model, memoryMb, node } = machine()
  const load = `${rounds} rounds of ${seconds} s after ${warmupSeconds} s, ${users} users`
  return `${startedAt.toISOString()}: ${load}; ${cores} cores (${model}), ${memoryMb} MB, Node ${node}`
}

function machine() {
  return {
    cores: availableParallelism(),
    model: cpus()[0]?.model ?? '',
    memoryMb: Math.round(totalmem() / 1_048_576),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  }
}
