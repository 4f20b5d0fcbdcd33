import type { AnalyticsService } from '../gen/analytics/v1/analytics_pb.ts'
import { databaseHealth } from '../platform/database-health.ts'
import { openPool, type DatabaseOptions } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { poolSql } from '../platform/pool-sql.ts'
import { reactionRpc } from '../platform/reaction.ts'
import type { Scope } from '../platform/run.ts'
import type { Opened } from '../platform/service-definition.ts'
import { readFigures } from './application/read-figures.ts'
import { analyticsReactions } from './infrastructure/analytics-reactions.ts'
import { analyticsRpc } from './infrastructure/analytics-rpc.ts'
import { inventoryProducts, type InventoryCalls } from './infrastructure/inventory-products.ts'
import { postgresCounts } from './infrastructure/postgres-counts.ts'
import { postgresFacts } from './infrastructure/postgres-facts.ts'

export type AnalyticsOptions = {
  readonly log: Log
  readonly database: DatabaseOptions
  readonly inventory: InventoryCalls
}

/** Wires the figures. Only this function knows which adapter implements which port. */
export async function openAnalyticsService(
  scope: Scope,
  { log, database, inventory }: AnalyticsOptions,
): Promise<Required<Pick<Opened<typeof AnalyticsService>, 'handlers' | 'health' | 'reactions'>>> {
  const sql = poolSql(openPool(scope, log, database))
  const facts = postgresFacts(sql)
  const read = readFigures({
    counts: postgresCounts(sql),
    catalogue: inventoryProducts(inventory),
    now: () => new Date(),
  })
  return {
    handlers: analyticsRpc({ facts, readFigures: read }),
    reactions: reactionRpc(analyticsReactions(facts)),
    health: databaseHealth('analytics', () => sql.$queryRawUnsafe('select 1')),
  }
}
