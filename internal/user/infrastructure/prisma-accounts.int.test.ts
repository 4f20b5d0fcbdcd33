import t, { type Test } from 'tap'
import { openDatabase } from '../../platform/database.ts'
import { createLog } from '../../platform/log.ts'
import { createScope } from '../../platform/run.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { accountsContract, type AccountsFixture } from '../testing/accounts-contract.ts'
import { PrismaClient } from './db/client.ts'
import { prismaAccounts } from './prisma-accounts.ts'

const log = createLog('test', 'silent')
const { url } = await testDatabase(t)
const scope = createScope(log, () => undefined)
const db = new PrismaClient({
  adapter: openDatabase(scope, log, {
    url,
    applicationName: 'test',
    maxConnections: 4,
    statementTimeoutMs: 5_000,
  }),
})
t.teardown(async () => {
  await db.$disconnect()
  await scope.close()
})

async function open(_t: Test): Promise<AccountsFixture> {
  await db.$executeRawUnsafe('truncate users.accounts, producer.outbox, producer.unpublished')
  const published = async (): Promise<readonly string[]> => {
    const rows = await db.$queryRawUnsafe<{ line: string }[]>(
      `select subject || ' ' || aggregate_id || ' ' || aggregate_version as line from producer.outbox order by seq`,
    )
    return rows.map(({ line }) => line)
  }
  return { accounts: prismaAccounts(db, () => undefined), published }
}

accountsContract(t, open)
