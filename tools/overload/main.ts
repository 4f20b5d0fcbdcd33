import path from 'node:path'
import { runOverload, type OverloadReport } from './overload.ts'
import { verdictsOf, verdictTable } from './verdict.ts'
import { showProgress } from '../shared/progress.ts'
import { withClient } from '../shared/database.ts'
import { openingStock, seedProducts, seedUsers } from '../shared/seed.ts'
import { signToken } from '../shared/token.ts'
import { auditShop, violationsOf } from '../shared/audit.ts'
import { createLog } from '../../internal/platform/log.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { runStack, type RunningShop } from '../shared/running-shop.ts'
import { inScope, runTool } from '../shared/tool.ts'
import { parseUsage, type Usage } from './usage.ts'

const products = 1_000
const customers = 500
const progress = showProgress(process.stderr)
const log = createLog('overload', 'warn')

await runTool(
  () => parseUsage(process.argv.slice(2)),
  (wanted) => inScope(log, (scope) => overload(wanted, scope)),
)

async function overload(wanted: Usage, scope: Scope): Promise<number> {
  const running = await progress.during('starting the servers and services', () =>
    runStack(scope, nodeOptionsOf(wanted)),
  )
  const shop = await progress.during('filling the shelves', () => stock(running))
  const deps = {
    floodProgram: path.resolve('tools/overload/flood-worker.ts'),
    progress,
    onClose: scope.onClose,
  }
  const report = await runOverload(deps, shop, wanted)
  const violations = await progress.during('audit', async () => violationsOf(await auditShop(running)))
  return tell(report, violations, wanted)
}

function nodeOptionsOf({ profileDir }: Usage): readonly string[] {
  return profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${path.resolve(profileDir)}`]
}

async function stock(running: RunningShop) {
  return withClient(running.databaseUrl, async (client) => {
    const productIds = await seedProducts(client, 1, products, openingStock)
    const userIds = await seedUsers(client, customers)
    await client.query('vacuum analyze')
    const tokens = userIds.map((id) => signToken(running.jwtSecret, id, 'customer'))
    return { ...running, productIds, tokens }
  })
}

function tell(report: OverloadReport, violations: readonly string[], { isJson }: Usage): number {
  const audited = {
    name: 'invariants violated after it',
    measured: violations.join(', ') || 'none',
    target: 'none',
    ok: violations.length === 0,
  }
  const verdicts = [...verdictsOf(report), audited]
  const isMet = verdicts.every(({ ok }) => ok)
  process.stdout.write(
    `\n${verdictTable(verdicts)}\n${isMet ? 'Every target is met.' : 'A target is missed.'}\n`,
  )
  if (isJson) process.stdout.write(`${JSON.stringify({ isMet, verdicts, report })}\n`)
  return isMet ? 0 : 1
}
