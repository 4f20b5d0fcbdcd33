import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { UserCreatedSchema } from '../../../internal/gen/user/v1/events_pb.ts'
import { eventType } from '../../../internal/platform/event.ts'
import { newId } from '../../../internal/platform/new-id.ts'
import { appendToOutbox, outboxEvent } from '../../../internal/platform/outbox.ts'
import { NotExercised } from '../not-exercised.ts'
import type { Fault, Field } from '../field.ts'
import { countOf, waitFor } from '../wait.ts'
import { query, withClient } from '../../shared/database.ts'
import { pidOf } from './process-faults.ts'

const tooManyClients = '53300'
const noMoreThan = 400

/** Takes all connections of PostgreSQL for a few seconds, and ends those of the services. */
export const takeAllConnections: Fault = async ({ databaseUrl, postgres }, random) => {
  await pidOf(postgres)
  const held: pg.Client[] = []
  const until = performance.now() + random.integer(2_000, 4_000)
  let refused = 0
  let ended = 0
  try {
    while (performance.now() < until && held.length < noMoreThan) {
      const taken = await Promise.all(Array.from({ length: 20 }, () => take(databaseUrl)))
      for (const client of taken) if (client !== 'refused') held.push(client)
      const misses = taken.filter((client) => client === 'refused').length
      refused += misses
      if (misses > 0) {
        const [free] = held
        if (ended === 0) ended = (await free?.query(endServicesSql))?.rowCount ?? 0
        await sleep(100)
      }
    }
  } finally {
    await Promise.all(held.map((client) => client.end().catch(() => undefined)))
  }
  if (refused === 0)
    throw new NotExercised(`${held.length} connections were taken, and PostgreSQL still has more`)
  return `${held.length} connections were taken, ${ended} of services ended, ${refused} refused`
}

const endServicesSql = `
  select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'tillstream %'`

async function take(databaseUrl: string): Promise<pg.Client | 'refused'> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'tillstream-chaos' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (err) {
    if ((err as { code?: string }).code === tooManyClients) return 'refused'
    throw err
  }
}

/** Longer than the statement timeout that the campaign gives the services. */
const lockMs = 6_500

export const outlastStatements: Fault = async ({ databaseUrl, postgres }, random) => {
  await pidOf(postgres)
  const before = await postgres.log()
  const table = random.pick(['orders.orders', 'inventory.stock', 'producer.outbox'])
  await withClient(databaseUrl, async (client) => {
    await client.query(`begin; lock table ${table} in access exclusive mode`)
    await sleep(lockMs)
    await client.query('rollback')
  })
  const log = (await postgres.log()).slice(before.length)
  const count = countOf(log, /canceling statement due to (statement|lock) timeout/g)
  if (count === 0) throw new NotExercised(`no statement waited for ${table}`)
  return `${count} statements that waited for ${table} were canceled`
}

const accountSql = `
  insert into users.accounts (id, username, email, password_hash, role, created_at, updated_at)
  values ($1, $2, $2 || '@example.com', 'nobody logs in here', 'customer', now(), now())`

/** Writes an account with its event as the user service would. */
async function writeAccount(client: pg.Client, name: string): Promise<{ id: string; seq: string }> {
  const [accountId, occurredAt] = [newId(), new Date()]
  const aggregate = { aggregateType: 'user', aggregateId: accountId, aggregateVersion: 1 }
  const data = { userId: accountId, role: 'customer', createdAt: occurredAt.toISOString() }
  const event = outboxEvent(
    eventType(UserCreatedSchema),
    { ...aggregate, occurredAt, data },
    { correlationId: accountId, causationId: '', traceparent: '' },
  )
  await client.query(accountSql, [accountId, name])
  const run = async (sql: string, ...values: readonly unknown[]): Promise<number> =>
    (await client.query(sql, [...values])).rowCount ?? 0
  await appendToOutbox({ $executeRawUnsafe: run }, [event])
  const { rows } = await client.query<{ seq: string }>('select seq from producer.outbox where id = $1', [
    event.id,
  ])
  return { id: event.id, seq: rows[0]?.seq ?? '' }
}

const heldMs = 30_000

/**
 * Commits an event late, after thousands with a higher seq were published. A producer with a watermark would lose it.
 */
export const writeLate: Fault = async ({ databaseUrl, postgres, products }, random) => {
  await pidOf(postgres)
  // Of its own for each attempt: a connection may break after it has committed, and then the fault is tried again.
  const name = `late-${newId()}`
  const { id, seq } = await withClient(databaseUrl, async (client) => {
    await client.query('begin')
    const event = await writeAccount(client, name)
    // Lock a row that orders need for the same time, so that they have to wait and to give up in the end.
    await client.query('select from inventory.stock where product_id = $1 for update', [
      random.pick(products()),
    ])
    await sleep(heldMs)
    await client.query('commit')
    return event
  })
  const sql = `
    select (select count(*)::int from producer.outbox where seq > $2) as later from producer.outbox
    where id = $1 and not exists (select from producer.unpublished where seq = $2)`
  const later = await waitFor('the late event is published', 60_000, async () => {
    const [row] = await query<{ later: number }>(databaseUrl, sql, [id, seq])
    return row?.later
  })
  if (later === 0) throw new NotExercised('no event came after it')
  return `held for ${heldMs / 1_000} s; its event was published though ${later} have a higher number`
}

/**
 * PostgreSQL is to look for a circle before a batch gives up waiting for its stock (300 ms), and in our transaction later than in
 * that of a service, so that the service has to give way.
 */
export const deadlock: Fault = async (field) => {
  await pidOf(field.postgres)
  const before = (await field.postgres.log()).length
  const setPatience = async (sql: string) => {
    await query(field.databaseUrl, sql)
    await query(field.databaseUrl, 'select pg_reload_conf()')
  }
  await setPatience(`alter system set deadlock_timeout = '250ms'`)
  try {
    return await waitFor('a deadlock', 40_000, async () => {
      await embrace(field)
      const count = countOf((await field.postgres.log()).slice(before), /deadlock detected/g)
      return count > 0 && `${count} deadlocks were detected, between ours and a batch of orders`
    })
  } finally {
    await setPatience('alter system reset deadlock_timeout')
  }
}

const lockSql = `select from inventory.stock where product_id = any($1::uuid[]) order by product_id for update`
const waitersSql = `select count(*)::int as count from pg_stat_activity where pg_blocking_pids(pid) @> array[$1::int]`

async function embrace({ databaseUrl, products }: Field): Promise<void> {
  const ids = [...products()].sort()
  const [low, high] = [ids.slice(0, ids.length >> 1), ids.slice(ids.length >> 1)]
  await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    await client.query(`set deadlock_timeout = '5s'; set statement_timeout = '4s'; begin`)
    await client.query(lockSql, [high])
    await waitFor(
      'a batch that waits for us',
      5_000,
      async () => {
        const [row] = await query<{ count: number }>(databaseUrl, waitersSql, [rows[0]?.pid])
        return (row?.count ?? 0) > 0
      },
      10,
    )
    await client.query(lockSql, [low])
    await client.query('rollback')
  })
}

export const fillPostgresDisk: Fault = async ({ disks, postgres }, random) => {
  if (!disks.postgres) throw new NotExercised('PostgreSQL has no small disk')
  await pidOf(postgres)
  const before = (await postgres.log()).length
  const full = /No space left on device/g
  const bytes = await disks.postgres.fill()
  try {
    await waitFor('PostgreSQL has no space', 30_000, async () => countOf(await postgres.log(), full) > 0)
    await sleep(random.integer(1_000, 3_000))
  } finally {
    await disks.postgres.free()
  }
  const count = countOf((await postgres.log()).slice(before), full)
  if (count === 0) throw new NotExercised('PostgreSQL had space')
  return `${bytes} bytes filled the disk, and ${count} statements found no space`
}
