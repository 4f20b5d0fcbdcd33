import t, { type Test } from 'tap'
import { openPool, prismaAdapter } from '../../platform/database.ts'
import { poolSql } from '../../platform/pool-sql.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { silent, testScope } from '../../platform/testing/scope.ts'
import { storedEvent } from '../testing/fixtures.ts'
import { mailboxContract } from '../testing/mailbox-contract.ts'
import { putInto } from '../testing/put-into-outbox.ts'
import { PrismaClient } from './db/client.ts'
import { prismaMailbox } from './prisma-mailbox.ts'

const { url } = await testDatabase(t)

async function openMailbox(t: Test, { statementTimeoutMs = 5_000 } = {}) {
  const scope = testScope(t)
  const options = { url, applicationName: 'test', maxConnections: 4, statementTimeoutMs }
  const pool = openPool(scope, silent, options)
  const db = new PrismaClient({ adapter: prismaAdapter(pool) })
  scope.onClose('prisma', () => db.$disconnect())
  await db.$executeRawUnsafe('truncate producer.outbox, producer.unpublished, producer.broker_streams')
  return { db, mailbox: prismaMailbox(db, poolSql(pool)), put: putInto(db) }
}

mailboxContract(t, openMailbox)

t.test('a new epoch may take longer than a statement of the daily round', async (t) => {
  const { db, mailbox, put } = await openMailbox(t, { statementTimeoutMs: 200 })
  await mailbox.rememberStream('ORDERS', { created: 'a', lastSeq: 5n })
  await put([storedEvent()])
  // Stands for millions of rows.
  await db.$executeRawUnsafe(`create function producer.slowly() returns trigger language plpgsql as
    'begin perform pg_sleep(0.6); return new; end'`)
  await db.$executeRawUnsafe(
    'create trigger slowly before insert or update on producer.unpublished for each row execute function producer.slowly()',
  )
  const seen = (await mailbox.seenStreams()).get('ORDERS')!
  t.equal(await mailbox.openEpoch('ORDERS', seen, { created: 'b', lastSeq: 0n }), true)
})
