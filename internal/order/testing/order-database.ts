import type { Test } from 'tap'
import { openPool, prismaAdapter } from '../../platform/database.ts'
import { createLog } from '../../platform/log.ts'
import { poolSql, type PoolSql } from '../../platform/pool-sql.ts'
import { createScope } from '../../platform/run.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { PrismaClient } from '../infrastructure/db/client.ts'

/** A database of the test's own with the order service's access to it. */
export async function openOrderDatabase(
  t: Test,
): Promise<{ readonly sql: PoolSql; readonly db: PrismaClient }> {
  const { url } = await testDatabase(t)
  const log = createLog('test', 'silent')
  const scope = createScope(log, (err) => t.error(err))
  t.teardown(() => scope.close())
  const options = { url, applicationName: 'order', maxConnections: 8, statementTimeoutMs: 10_000 }
  const pool = openPool(scope, log, options)
  const db = new PrismaClient({ adapter: prismaAdapter(pool) })
  scope.onClose('prisma', () => db.$disconnect())
  return { sql: poolSql(pool), db }
}
