import path from 'node:path'
import { showProgress } from '../shared/progress.ts'
import { createLog } from '../../internal/platform/log.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { inScope, runTool, type Fail } from '../shared/tool.ts'
import { runCampaign } from './campaign.ts'
import { findEngine, NoEngine } from './find-engine.ts'
import { parseUsage, type Usage } from './usage.ts'

// The engine's own settings, DOCKER_HOST above all, are none of ours, and its command line needs all of them.
// eslint-disable-next-line no-restricted-properties
const { env } = process
const address = env.DOCKER_HOST || 'unix:///var/run/docker.sock'
/** The build included. */
const longestMs = 40 * 60_000

const log = createLog('compose', 'warn')
const say = (line: string): void => void process.stdout.write(`${line}\n`)

await runTool(
  () => parseUsage(process.argv.slice(2)),
  (wanted) => inScope(log, (scope, fail) => test(wanted, scope, fail)),
)

async function test(wanted: Usage, scope: Scope, fail: Fail): Promise<number> {
  const engine = await findEngine(address).catch((err: unknown) => {
    if (!(err instanceof NoEngine)) throw err
    say(`skipped: ${err.message}`)
    return undefined
  })
  if (!engine) return 0
  scope.onClose('engine', engine.api.close)
  const tooLate = setTimeout(() => fail(new Error(`not over after ${longestMs / 60_000} minutes`)), longestMs)
  scope.onClose('time limit', async () => clearTimeout(tooLate))
  say(`with ${engine.name}`)
  const keepDir = path.join('chaos-failures', `${new Date().toISOString().replaceAll(':', '-')}-compose`)
  const progress = showProgress(process.stderr)
  const problems = await runCampaign(scope, { engine, wanted, env, progress, report: say, keepDir })
  if (problems.length === 0) {
    say('Every container is healthy, and nothing was lost, doubled or oversold.')
    return 0
  }
  process.stderr.write(`${[...problems, `kept: ${keepDir}`].join('\n')}\n`)
  return 1
}
