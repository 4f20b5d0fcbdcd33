import { connect, type NatsConnection } from '@nats-io/transport-node'
import { runAudit } from '../../internal/audit/audit-service.ts'
import { createLog } from '../../internal/platform/log.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { showProgress } from '../bench/progress.ts'
import { inScope, runTool } from '../shared/tool.ts'
import { isMet, tableOf, type Report } from './report.ts'
import { killInTurn } from './kill-in-turn.ts'
import { openClusterShop } from './open-cluster-shop.ts'
import { parseUsage, usage, type Usage } from './usage.ts'

const progress = showProgress(process.stderr)
const log = createLog('cluster', 'warn')

await runTool(
  () => parseUsage(process.argv.slice(2)) ?? usage,
  (wanted) => inScope(log, (scope) => campaign(wanted, scope)),
)

async function campaign(wanted: Usage, scope: Scope): Promise<number> {
  const shop = await progress.during('starting three NATS servers and a stack', () => openClusterShop(scope))
  const connection = await connect({ servers: shop.nodes.map(({ url }) => url), maxReconnectAttempts: -1 })
  scope.onClose('campaign connection', () => connection.close())
  const told = await killInTurn({ shop, connection, progress }, wanted)
  const violations = await progress.during('audit', () => audit(shop.databaseUrl, connection))
  const report: Report = { ...told, natsVersion: shop.natsVersion, violations }
  process.stdout.write(`\n${tableOf(report)}\n`)
  if (wanted.isJson) process.stdout.write(`${JSON.stringify({ isMet: isMet(report), report })}\n`)
  return isMet(report) ? 0 : 1
}

async function audit(databaseUrl: string, nats: NatsConnection): Promise<readonly string[]> {
  const { invariants } = await runAudit({ databaseUrl, nats })
  return invariants.flatMap(({ name, violations }) => (violations === 0 ? [] : [`${name}: ${violations}`]))
}
