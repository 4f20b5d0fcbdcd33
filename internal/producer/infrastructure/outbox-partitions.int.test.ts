import t, { type Test } from 'tap'
import { openDatabase } from '../../platform/database.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { silent, testScope } from '../../platform/testing/scope.ts'
import { storedEvent } from '../testing/fixtures.ts'
import { putInto } from '../testing/put-into-outbox.ts'
import { PrismaClient } from './db/client.ts'
import { keepPartitions } from './outbox-partitions.ts'

const at = (text: string): Date => new Date(`${text}T12:00:00Z`)
const retentionDays = 14

const { url } = await testDatabase(t)

/** A newly created outbox. */
async function open(t: Test) {
  const client = (): PrismaClient => {
    const scope = testScope(t)
    const options = { url, applicationName: 'test', maxConnections: 2, statementTimeoutMs: 5_000 }
    const db = new PrismaClient({ adapter: openDatabase(scope, silent, options) })
    scope.onClose('prisma', () => db.$disconnect())
    return db
  }
  const db = client()
  const days = async (): Promise<readonly string[]> => {
    const rows = await db.$queryRawUnsafe<{ name: string }[]>(
      `select inhrelid::regclass::text as name from pg_inherits
      where inhparent = 'producer.outbox'::regclass order by 1`,
    )
    return rows.map(({ name }) => name.replace('producer.outbox_', ''))
  }
  await db.$executeRawUnsafe('truncate producer.outbox, producer.unpublished')
  for (const day of await days())
    if (day !== 'default') await db.$executeRawUnsafe(`drop table producer.outbox_${day}`)
  const publishAll = (): Promise<unknown> => db.$executeRawUnsafe('delete from producer.unpublished')
  return { client, db, days, publishAll, put: putInto(db) }
}

t.test('there is a partition for today and each of the next seven days', async (t) => {
  const { db, days, put } = await open(t)
  await keepPartitions(db, at('2026-02-25'), retentionDays)
  const expected = ['0225', '0226', '0227', '0228', '0301', '0302', '0303', '0304'].map((day) => `2026${day}`)
  t.same(await days(), [...expected, 'default'])
  await put([storedEvent({ occurredAt: new Date('2026-02-28T23:59:59.999Z') })])
  await put([storedEvent({ occurredAt: new Date('2026-03-01T00:00:00.000Z') })])
  const rows = await db.$queryRawUnsafe<{ name: string }[]>(
    'select tableoid::regclass::text as name from producer.outbox order by seq',
  )
  t.same(rows, [{ name: 'producer.outbox_20260228' }, { name: 'producer.outbox_20260301' }])
  await keepPartitions(db, at('2026-02-25'), retentionDays)
  t.equal((await days()).length, 9, 'once')
})

t.test('a day is dropped when no stream keeps it any more, but not with unpublished events', async (t) => {
  const { db, days, publishAll, put } = await open(t)
  await keepPartitions(db, at('2026-02-01'), retentionDays)
  await put([storedEvent({ occurredAt: at('2026-02-02') }), storedEvent({ occurredAt: at('2026-02-03') })])
  await publishAll()
  await put([storedEvent({ occurredAt: at('2026-02-03') })])
  await keepPartitions(db, at('2026-02-16'), retentionDays)
  t.ok((await days()).includes('20260201'), 'within the retention')
  await keepPartitions(db, at('2026-02-25'), retentionDays)
  const left = (await days()).filter((day) => day < '20260210')
  t.same(left, ['20260203'])
  t.equal(await db.outboxEvent.count(), 2)
  await publishAll()
  await keepPartitions(db, at('2026-02-25'), retentionDays)
  t.equal(await db.outboxEvent.count(), 0)
})

t.test(
  'an event that is being written while the partitions are made keeps its day from having one',
  async (t) => {
    const { db, client, days, put } = await open(t)
    const writer = client()
    let commit = (): void => undefined
    const mayCommit = new Promise<void>((resolve) => (commit = resolve))
    let written = (): void => undefined
    const isWritten = new Promise<void>((resolve) => (written = resolve))
    const writing = writer.$transaction(async (tx) => {
      await putInto(tx)([storedEvent({ occurredAt: at('2026-02-02') })])
      written()
      await mayCommit
    })
    await isWritten
    const keeping = keepPartitions(db, at('2026-02-01'), retentionDays)
    await eventually('it waits for the writer', async () => {
      const rows = await db.$queryRawUnsafe<unknown[]>(
        "select 1 from pg_stat_activity where wait_event_type = 'Lock'",
      )
      return rows.length > 0
    })
    commit()
    await writing
    t.equal(await keeping, true)
    t.notOk((await days()).includes('20260202'))
    t.ok((await days()).includes('20260203'), 'the other days have theirs')
    await put([storedEvent({ occurredAt: at('2026-02-03') })])
  },
)

t.test('events of a day without a partition are kept, and published like others', async (t) => {
  const { db, days, put } = await open(t)
  await put([storedEvent({ occurredAt: at('2026-02-02') })])
  await keepPartitions(db, at('2026-02-01'), retentionDays)
  t.notOk((await days()).includes('20260202'))
  t.ok((await days()).includes('20260203'), 'the other days have theirs')
  t.equal(await db.outboxEvent.count(), 1)
})

t.test('a producer that starts on a busy machine waits for its connection', async (t) => {
  const { client, db, days } = await open(t)
  const watcher = client()
  const busy = Promise.all([1, 2].map(async () => db.$queryRawUnsafe('select 1 from pg_sleep(3)')))
  await eventually('all of its connections are taken', async () => {
    const sleeping = "select 1 from pg_stat_activity where wait_event = 'PgSleep'"
    return (await watcher.$queryRawUnsafe<unknown[]>(sleeping)).length === 2
  })
  t.equal(await keepPartitions(db, at('2026-02-01'), retentionDays), true)
  await busy
  t.equal((await days()).length, 9)
})

t.test('producers that start together do not get in each other’s way', async (t) => {
  const { client, days } = await open(t)
  const keepers = Array.from({ length: 6 }, client)
  await Promise.all(keepers.map((db) => db.$queryRawUnsafe('select 1')))
  await Promise.all(keepers.map((db) => keepPartitions(db, at('2026-02-01'), retentionDays)))
  await Promise.all(keepers.map((db) => keepPartitions(db, at('2026-03-25'), retentionDays)))
  t.equal((await days()).length, 9)
})

t.test('a long transaction puts the partitions off, and does not hold up those who write', async (t) => {
  const { client, db, days, put } = await open(t)
  const reader = client()
  const work = { end: () => {} }
  const isOver = new Promise<void>((resolve) => (work.end = resolve))
  let isReading = false
  const reading = reader.$transaction(async (tx) => {
    await tx.outboxEvent.count()
    isReading = true
    await isOver
  })
  await eventually('the reader has its snapshot', () => isReading)
  const keeping = keepPartitions(db, at('2026-02-01'), retentionDays)
  const started = performance.now()
  await put([storedEvent({ occurredAt: at('2026-01-01') })])
  t.ok(performance.now() - started < 4_000)
  t.equal(await keeping, false)
  work.end()
  await reading
  t.equal(await keepPartitions(db, at('2026-02-01'), retentionDays), true)
  t.equal((await days()).length, 9)
})

t.test('a writer that has begun and the making of partitions do not wait for each other', async (t) => {
  const { db, client, days } = await open(t)
  const keeper = client()
  const kept = await db.$transaction(async (tx) => {
    await tx.$executeRawUnsafe('lock table only producer.outbox in row exclusive mode') // as an insert begins
    const keeping = keepPartitions(keeper, at('2026-02-25'), retentionDays)
    await eventually('the keeper waits for the writer', async () => {
      const waiting = await db.$queryRawUnsafe<object[]>(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return waiting.length > 0
    })
    await tx.$executeRawUnsafe('set local lock_timeout = 300')
    await putInto(tx)([storedEvent({ occurredAt: at('2026-02-25') })])
    return { keeping }
  })
  t.type(await kept.keeping, 'boolean')
  t.ok((await days()).includes('default'))
})
