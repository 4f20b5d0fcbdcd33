import { connect } from '@nats-io/transport-node'
import { createLog } from '../../internal/platform/log.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { showProgress } from '../shared/progress.ts'
import { auditShop, violationsOf } from '../shared/audit.ts'
import { inScope, runTool } from '../shared/tool.ts'
import { isMet, tableOf, type Report } from './report.ts'
import { killInTurn } from './kill-in-turn.ts'
import { openClusterShop } from './open-cluster-shop.ts'
import { parseUsage, type Usage } from './usage.ts'

const progress = showProgress(process.stderr)
const log = createLog('cluster', 'warn')

await runTool(
  () => parseUsage(process.argv.slice(2)),
  (wanted) => inScope(log, (scope) => campaign(wanted, scope)),
)

async function campaign(wanted: Usage, scope: Scope): Promise<number> {
  const shop = await progress.during('starting three NATS servers and a stack', () => openClusterShop(scope))
  const connection = await connect({ servers: shop.nodes.map(({ url }) => url), maxReconnectAttempts: -1 })
  scope.onClose('campaign connection', () => connection.close())
  const told = await killInTurn({ shop, connection, progress }, wanted)
  const natsUrl = shop.nodes.map(({ url }) => url).join(',')
  const violations = await progress.during('audit', async () =>
    violationsOf(await auditShop({ databaseUrl: shop.databaseUrl, natsUrl })),
  )
  const report: Report = { ...told, natsVersion: shop.natsVersion, violations }
  process.stdout.write(`\n${tableOf(report)}\n`)
  if (wanted.isJson) process.stdout.write(`${JSON.stringify({ isMet: isMet(report), report })}\n`)
  return isMet(report) ? 0 : 1
}
