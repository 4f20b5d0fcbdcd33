import { sqlState, type Sql } from '../../platform/database.ts'
import type { PrismaClient } from './db/client.ts'
import { lockSpace } from './lane-locks.ts'

const dayMs = 86_400_000
/** The producer may be away for a week before rows fall into the default partition. */
const daysAhead = 7
/** Producers that start together take turns by this lock. Its number lies beyond those of the lanes. */
const partitionsLock = 1_000
/** While we wait for the lock of the outbox, all writers queue behind us, so the wait must be short. */
const lockTimeoutMs = 1_000
const lockNotAvailable = '55P03'
const keepTimeoutMs = 60_000
/** A producer does not start without this, and on a busy machine its first connections take some seconds. */
const connectTimeoutMs = 30_000

/**
 * Creates the partitions of the next days and drops those whose events no stream keeps any more. Returns false when a
 * long transaction is in the way; there is a week's time to try again.
 */
export async function keepPartitions(db: PrismaClient, now: Date, retentionDays: number): Promise<boolean> {
  const today = Math.floor(now.getTime() / dayMs)
  const oldest = nameOf(today - retentionDays - 1)
  const kept = db.$transaction(
    async (tx) => {
      await tx.$executeRawUnsafe(`set local lock_timeout = ${lockTimeoutMs}`)
      await tx.$executeRawUnsafe('select pg_advisory_xact_lock($1, $2)', lockSpace, partitionsLock)
      for (let day = today; day <= today + daysAhead; day++) await createPartition(tx, day)
      for (const name of await partitions(tx)) {
        if (name < oldest && (await isPublished(tx, name)))
          await tx.$executeRawUnsafe(`drop table producer.${name}`)
      }
      return true
    },
    { maxWait: connectTimeoutMs, timeout: keepTimeoutMs },
  )
  return kept.catch((err: unknown) => {
    if (sqlState(err) !== lockNotAvailable) throw err
    return false
  })
}

const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)
const nameOf = (day: number): string => `outbox_${dateOf(day).replaceAll('-', '')}`

/**
 * A day that already has rows in the default partition stays there: PostgreSQL would refuse a partition for it, and
 * nothing is lost.
 */
async function createPartition(db: Sql, day: number): Promise<void> {
  const isThere = await db.$queryRawUnsafe<unknown[]>(
    `select 1 from pg_class where oid = to_regclass($1)`,
    `producer.${nameOf(day)}`,
  )
  if (isThere.length > 0) return
  // The new partition needs these locks anyway. Taken now, they let nobody write a row of that day after we have looked for
  // one. They are taken in the order in which a writer takes them, or the two could wait for each other.
  await db.$executeRawUnsafe('lock table only producer.outbox in access exclusive mode')
  await db.$executeRawUnsafe('lock table producer.outbox_default in access exclusive mode')
  const strays = await db.$queryRawUnsafe<unknown[]>(
    'select 1 from producer.outbox_default where occurred_at >= $1::timestamptz and occurred_at < $2::timestamptz limit 1',
    dateOf(day),
    dateOf(day + 1),
  )
  if (strays.length > 0) return
  await db.$executeRawUnsafe(
    `create table producer.${nameOf(day)} partition of producer.outbox
    for values from ('${dateOf(day)} 00:00:00+00') to ('${dateOf(day + 1)} 00:00:00+00')`,
  )
}

async function partitions(db: Sql): Promise<readonly string[]> {
  const rows = await db.$queryRawUnsafe<{ relname: string }[]>(
    `select c.relname::text as relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'producer.outbox'::regclass and c.relname ~ '^outbox_[0-9]{8}$' order by 1`,
  )
  return rows.map(({ relname }) => relname)
}

async function isPublished(db: Sql, partition: string): Promise<boolean> {
  const waiting = await db.$queryRawUnsafe<unknown[]>(
    `select 1 from producer.unpublished join producer.${partition} using (seq) limit 1`,
  )
  return waiting.length === 0
}
