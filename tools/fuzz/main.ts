import { randomInt } from 'node:crypto'
import { showProgress } from '../shared/progress.ts'
import { fuzz, type FuzzReport } from './fuzz.ts'
import { createLog } from '../../internal/platform/log.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { runStack } from '../shared/running-shop.ts'
import { defaultAdmin } from '../../internal/user/domain/known-accounts.ts'
import { namedShop } from '../shared/named-shop.ts'
import { columns } from '../shared/tables.ts'
import { explained, inScope, runTool } from '../shared/tool.ts'
import { parseUsage, type Usage } from './usage.ts'

const progress = showProgress(process.stderr)

await runTool(
  () => parseUsage(process.argv.slice(2), randomInt(4_294_967_296)),
  (wanted) =>
    inScope(
      createLog('fuzz', 'warn'),
      (scope) => run(wanted, scope),
      (err) => `${explained(err)}\nseed ${wanted.seed}`,
    ),
)

async function run(wanted: Usage, scope: Scope): Promise<number> {
  const { url, admin } = await findShop(wanted, scope)
  const { requests, seed, only } = wanted
  const report = await progress.during(`fuzzing with seed ${seed}`, (tell) =>
    fuzz({
      ...{ url, requests, seed, only, admin },
      onProgress: (done, failures) => tell(`${done}, ${failures} failed`),
    }),
  )
  return tell(report, wanted)
}

/** Our own stack has its demo admin. For a shop that the user names, the settings name the admin. */
async function findShop({ url }: Usage, scope: Scope) {
  if (url !== undefined) return namedShop(url)
  const running = await progress.during('starting the servers and services', () => runStack(scope, []))
  return { url: running.url, admin: defaultAdmin }
}

function tell(report: FuzzReport, { isJson }: Usage): number {
  const { failures, aftermath, statuses, seed, requests } = report
  const answers = Object.entries(statuses)
    .sort()
    .map(([operation, counts]) => {
      const told = Object.entries(counts).map(([status, count]) => `${status} × ${count}`)
      return [operation, told.join(', ')]
    })
  for (const line of columns(answers, { indent: '  ' })) process.stdout.write(`${line}\n`)
  for (const { block, shrinks, operation, actor, what, curl } of failures)
    process.stdout.write(
      `\nFAILED ${operation} as ${actor} (seed ${seed}, block ${block}, made smaller ${shrinks} times): ${what}\n  ${curl}\n`,
    )
  for (const wrong of aftermath) process.stdout.write(`\nFAILED afterwards: ${wrong}\n`)
  const isWell = failures.length === 0 && aftermath.length === 0
  const verdict = isWell ? 'every answer was as documented, and the shop is well' : 'see above'
  process.stdout.write(`\n${requests} requests, seed ${seed}: ${verdict}\n`)
  if (isJson) process.stdout.write(`${JSON.stringify({ isWell, ...report })}\n`)
  return isWell ? 0 : 1
}
