import type { Test } from 'tap'
import { openPool } from '../../platform/database.ts'
import { createLog } from '../../platform/log.ts'
import { poolSql, type PoolSql } from '../../platform/pool-sql.ts'
import { createScope } from '../../platform/run.ts'
import { testDatabase } from '../../platform/testing/database.ts'

export async function openStore(t: Test): Promise<{ readonly sql: PoolSql; readonly url: string }> {
  const { url } = await testDatabase(t)
  const log = createLog('test', 'silent')
  const scope = createScope(log, (err) => t.error(err))
  t.teardown(() => scope.close())
  const options = { url, applicationName: 'notification', maxConnections: 5, statementTimeoutMs: 10_000 }
  return { sql: poolSql(openPool(scope, log, options)), url }
}
