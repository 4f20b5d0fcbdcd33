import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { showProgress } from '../shared/progress.ts'
import type { Result } from './result.ts'
import { tablesOf } from './tables.ts'
import { createLog } from '../../internal/platform/log.ts'
import { createScope, type Scope } from '../../internal/platform/run.ts'
import { inScope, runTool, type Fail } from '../shared/tool.ts'
import { runChaos } from './run-chaos.ts'
import { saveHtml } from '../shared/html-report.ts'
import { chaosReport } from './html.ts'
import { parseUsage, type Usage } from './usage.ts'

const log = createLog('chaos', 'warn')
const progress = showProgress(process.stderr)

await runTool(
  () => parseUsage(process.argv.slice(2)),
  (wanted) => inScope(log, (scope, fail) => campaign(wanted, scope, fail)),
)

/** Runs one seed after the other, also after one has failed. */
async function campaign(wanted: Usage, outer: Scope, fail: Fail): Promise<number> {
  const startedAt = new Date().toISOString()
  const results: Result[] = []
  for (const seed of wanted.seeds) {
    const scope = createScope(log, fail)
    outer.onClose(`seed ${seed}`, scope.close)
    const keepDir = path.join('chaos-failures', `${startedAt.replaceAll(':', '-')}-seed-${seed}`)
    const result = await runChaos(scope, seed, wanted, progress, keepDir)
    await progress.during('stopping', () => scope.close())
    results.push(result)
    await saveReports(wanted, startedAt, results)
    if (wanted.seeds.length > 1) process.stdout.write(`seed ${seed}: ${result.isOk ? 'ok' : 'FAILED'}\n`)
    if (result.isOk) continue
    const again = `again: ${wanted.command(seed)}`
    process.stderr.write(`${[...result.problems, again, `kept: ${keepDir}`].join('\n')}\n`)
  }
  process.stdout.write(`\n${tablesOf(results)}`)
  if (wanted.isJson) process.stdout.write(`${JSON.stringify({ startedAt, results })}\n`)
  return results.every(({ isOk }) => isOk) ? 0 : 1
}

/** After each seed, so that whoever ends the campaign early has those that were done. */
async function saveReports(wanted: Usage, startedAt: string, results: readonly Result[]): Promise<void> {
  if (wanted.markdown !== undefined) {
    await mkdir(path.dirname(path.resolve(wanted.markdown)), { recursive: true })
    await writeFile(wanted.markdown, tablesOf(results))
  }
  if (wanted.html !== undefined) await saveHtml(wanted.html, chaosReport(aboutOf(wanted, startedAt), results))
}

function aboutOf({ seeds, command }: Usage, startedAt: string): string {
  return `${seeds.length} runs from ${startedAt} on. The first again: ${command(seeds[0] ?? 0)}`
}
