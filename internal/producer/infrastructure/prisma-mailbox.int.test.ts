import t, { type Test } from 'tap'
import { openPool, prismaAdapter } from '../../platform/database.ts'
import { poolSql } from '../../platform/pool-sql.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { silent, testScope } from '../../platform/testing/scope.ts'
import { storedEvent } from '../testing/fixtures.ts'
import { mailboxContract } from '../testing/mailbox-contract.ts'
import { putInto } from '../testing/put-into-outbox.ts'
import { PrismaClient } from './db/client.ts'
import { prismaMailbox, tidyUnpublished } from './prisma-mailbox.ts'

const { url } = await testDatabase(t)

async function openMailbox(t: Test, { statementTimeoutMs = 5_000 } = {}) {
  const scope = testScope(t)
  const options = {
    url,
    applicationName: 'test',
    maxConnections: 4,
    statementTimeoutMs,
    longestStatementMs: 60_000,
  }
  const pool = openPool(scope, silent, options)
  const db = new PrismaClient({ adapter: prismaAdapter(pool) })
  scope.onClose('prisma', () => db.$disconnect())
  await db.$executeRawUnsafe('truncate producer.outbox, producer.unpublished, producer.broker_streams')
  return { db, pool, mailbox: prismaMailbox(db, poolSql(pool)), put: putInto(db) }
}

mailboxContract(t, openMailbox)

t.test('what has been published gives its room back', async (t) => {
  const { db, pool, mailbox, put } = await openMailbox(t)
  await mailbox.rememberStream('ORDERS', { created: 'a', lastSeq: 0n })
  const size = async (): Promise<bigint> => {
    const sizeSql = `select pg_relation_size('producer.unpublished') as size`
    return (await db.$queryRawUnsafe<{ size: bigint }[]>(sizeSql))[0]!.size
  }
  const publishThousand = async (): Promise<void> => {
    await put(Array.from({ length: 1_000 }, () => storedEvent()))
    const events = await mailbox.unpublished([0, 1, 2, 3], 1_000)
    await mailbox.mark(events.map((event, streamSeq) => ({ kind: 'published', event, streamSeq })))
  }
  await publishThousand()
  const once = await size()
  for (let round = 0; round < 5; round++) {
    await tidyUnpublished(poolSql(pool))()
    await publishThousand()
  }
  t.ok((await size()) < 3n * once)
})

t.test('a new epoch may take longer than a statement of the daily round', async (t) => {
  const { db, mailbox, put } = await openMailbox(t, { statementTimeoutMs: 200 })
  await mailbox.rememberStream('ORDERS', { created: 'a', lastSeq: 5n })
  await put([storedEvent()])
  // The delay stands for the work on millions of rows.
  await db.$executeRawUnsafe(`create function producer.slowly() returns trigger language plpgsql as
    'begin perform pg_sleep(0.6); return new; end'`)
  await db.$executeRawUnsafe(
    'create trigger slowly before insert or update on producer.unpublished for each row execute function producer.slowly()',
  )
  const seen = (await mailbox.seenStreams()).get('ORDERS')!
  t.equal(await mailbox.openEpoch('ORDERS', seen, { created: 'b', lastSeq: 0n }), true)
})
