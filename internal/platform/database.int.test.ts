import { once } from 'node:events'
import { createServer } from 'node:net'
import pg from 'pg'
import t from 'tap'
import { startTcpProxy } from './testing/tcp-proxy.ts'
import { PrismaClient } from '../producer/infrastructure/db/client.ts'
import {
  isDatabaseOutage,
  isLockTimeout,
  openDatabase,
  openPool,
  retryContention,
  sqlState,
} from './database.ts'
import { toRefusal } from './outage.ts'
import { poolSql } from './pool-sql.ts'
import { testDatabase } from './testing/database.ts'
import { eventually } from './testing/eventually.ts'
import { silent, testScope } from './testing/scope.ts'

type Test = Parameters<typeof testScope>[0]

const { url } = await testDatabase(t)

function open(t: Test, options: { url?: string; maxConnections?: number; statementTimeoutMs?: number } = {}) {
  const scope = testScope(t)
  const database = { url, applicationName: 'test', maxConnections: 4, statementTimeoutMs: 5_000, ...options }
  const db = new PrismaClient({ adapter: openDatabase(scope, silent, database) })
  scope.onClose('prisma', () => db.$disconnect())
  return db
}

/** Prisma begins its work only when somebody waits for the promise. */
const errorOf = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => undefined,
    (err: unknown) => err,
  )

const query = (db: PrismaClient, sql: string) => db.$queryRawUnsafe(sql)

t.test('a server that is not there is an outage', async (t) => {
  const nobody = createServer().listen(0, '127.0.0.1')
  await once(nobody, 'listening')
  const address = nobody.address() as { port: number } // as a TCP server has it
  nobody.close()
  const db = open(t, { url: `postgresql://u:p@127.0.0.1:${address.port}/x` })
  const works = [
    () => query(db, 'select 1'),
    () => db.brokerStream.findMany(),
    () => db.$transaction(async () => 1),
  ]
  for (const work of works) {
    const err = await errorOf(work())
    t.ok(isDatabaseOutage(err), String(err))
    t.match(toRefusal(err), { kind: 'unavailable', code: 'database.unavailable' })
  }
})

/** Opens the database through a proxy that can break the connections. */
async function openLine(t: Test) {
  const proxy = await startTcpProxy(Number(new URL(url).port))
  t.teardown(() => proxy.close())
  const through = new URL(url)
  through.port = String(proxy.port)
  return { proxy, url: through.href }
}

t.test('a half-open connection is an outage once, and then replaced', async (t) => {
  const line = await openLine(t)
  const options = { url: line.url, applicationName: 'test', maxConnections: 1, statementTimeoutMs: 200 }
  const pool = openPool(testScope(t), silent, options)
  const db = open(t, { url: line.url, maxConnections: 1, statementTimeoutMs: 200 })
  const sql = poolSql(pool)
  const works = [
    () => sql.$queryRawUnsafe('select 1'),
    () => sql.transaction((tx) => tx.$queryRawUnsafe('select 1')),
    () => query(db, 'select 1'),
    () => db.brokerStream.findMany(),
    () => db.$transaction((tx) => tx.$queryRawUnsafe('select 1')),
  ]
  for (const work of works) {
    await work()
    t.ok(line.proxy.halfOpen() > 0)
    const err = await errorOf(work())
    t.ok(isDatabaseOutage(err), String(err))
    await eventually('it works again', async () => (await errorOf(work())) === undefined)
  }
})

t.test(
  'a connection that breaks between two statements of a transaction is an outage, and no more',
  async (t) => {
    const line = await openLine(t)
    const options = { url: line.url, applicationName: 'test', maxConnections: 1, statementTimeoutMs: 5_000 }
    const sql = poolSql(openPool(testScope(t), silent, options))
    const broken = sql.transaction(async (tx) => {
      await tx.$queryRawUnsafe('select 1')
      line.proxy.setMode({ kind: 'black-hole' })
      line.proxy.setMode({ kind: 'clear' }) // this resets the open connections
      await eventually('the connection is gone', () => line.proxy.counts().open === 0)
      await new Promise((resolve) => setImmediate(resolve)) // our end gets to know of it
      return tx.$queryRawUnsafe('select 1')
    })
    t.ok(isDatabaseOutage(await errorOf(broken)))
    t.ok(await sql.$queryRawUnsafe('select 1'))
  },
)

t.test('a violated constraint costs no connection, and any other error does', async (t) => {
  const options = { url, applicationName: 'test', maxConnections: 1, statementTimeoutMs: 5_000 }
  const sql = poolSql(openPool(testScope(t), silent, options))
  const pid = async () =>
    (await sql.$queryRawUnsafe<[{ pid: number }]>('select pg_backend_pid() as pid'))[0].pid
  await sql.$executeRawUnsafe('create table producer.unique_ones (id int primary key)')
  const add = () => sql.$executeRawUnsafe('insert into producer.unique_ones values (1)')
  await add()
  const before = await pid()
  for (let index = 0; index < 5; index++) t.equal(sqlState(await errorOf(add())), '23505')
  t.equal(await pid(), before)
  t.equal(sqlState(await errorOf(sql.$queryRawUnsafe('nonsense'))), '42601')
  t.not(await pid(), before, 'a statement may be at fault, such as one that was planned before a migration')
})

t.test('a statement that takes too long is an outage', async (t) => {
  const db = open(t, { statementTimeoutMs: 500 }) // the driver's own patience ends a quarter of a second later
  const err = await errorOf(query(db, 'select pg_sleep(5)'))
  t.equal(sqlState(err), '57014')
  t.ok(isDatabaseOutage(err))
})

t.test('a transaction waits for a lock as long as it says and no longer, and only that one', async (t) => {
  const sql = poolSql(
    openPool(testScope(t), silent, {
      ...{ url, applicationName: 'test', maxConnections: 2, statementTimeoutMs: 5_000 },
    }),
  )
  await sql.$executeRawUnsafe('create table producer.held (id int primary key)')
  await sql.$executeRawUnsafe('insert into producer.held values (1)')
  const lock = 'select id from producer.held for update'
  await sql.transaction(async (holder) => {
    await holder.$queryRawUnsafe(lock)
    const err = await errorOf(sql.transaction((tx) => tx.$queryRawUnsafe(lock), { lockTimeoutMs: 30 }))
    t.ok(isLockTimeout(err), String(err))
    t.ok(isDatabaseOutage(err))
    t.notOk(isLockTimeout(await errorOf(sql.$queryRawUnsafe('nonsense'))))
    // The one connection that is left.
    const show = `select current_setting('lock_timeout') as value`
    const inside = await sql.transaction((tx) => tx.$queryRawUnsafe(show), { lockTimeoutMs: 30 })
    t.same(inside, [{ value: '30ms' }])
    t.same(await sql.$queryRawUnsafe(show), [{ value: '0' }])
  })
})

t.test('a pool without a free connection is an outage, and recovers', async (t) => {
  const db = open(t, { maxConnections: 1, statementTimeoutMs: 20_000 })
  const busy = errorOf(query(db, 'select 1 from pg_sleep(5.5)'))
  const err = await errorOf(db.brokerStream.findMany())
  t.ok(isDatabaseOutage(err), String(err))
  t.equal(await busy, undefined)
  await db.brokerStream.findMany()
})

t.test('a connection that the server ends is an outage, and the next one works', async (t) => {
  const db = open(t)
  const other = open(t)
  const [row] = await db.$queryRawUnsafe<{ pid: number }[]>('select pg_backend_pid() as pid')
  const cut = db.$transaction(async (tx) => {
    const [own] = await tx.$queryRawUnsafe<{ pid: number }[]>('select pg_backend_pid() as pid')
    await other.$queryRawUnsafe(`select pg_terminate_backend(${own?.pid ?? row?.pid ?? 0})`)
    await tx.$queryRawUnsafe('select 1')
  })
  const err = await errorOf(cut)
  t.ok(isDatabaseOutage(err), String(err))
  await query(db, 'select 1')
})

t.test('what the data forbids is no outage', async (t) => {
  const db = open(t)
  const stream = { name: 'ORDERS', created: '', epoch: 1, lastSeq: 0n }
  await db.brokerStream.create({ data: stream })
  const viaModel = await errorOf(db.brokerStream.create({ data: stream }))
  t.notOk(isDatabaseOutage(viaModel))
  const viaSql = await errorOf(
    db.$executeRawUnsafe("insert into producer.broker_streams values ('ORDERS', '', 1, 0)"),
  )
  t.equal(sqlState(viaSql), '23505')
  t.notOk(isDatabaseOutage(viaSql))
  t.match(toRefusal(viaSql), { kind: 'internal' })
  t.equal(sqlState(await errorOf(query(db, 'nonsense'))), '42601')
})

t.test('a deadlock ends one of two transactions, and trying again brings both through', async (t) => {
  const db = open(t)
  await query(db, 'create table producer.pair (id int primary key, n int)')
  await query(db, 'insert into producer.pair values (1, 0), (2, 0)')
  let attempts = 0
  const both = { arrived: 0, go: () => {} }
  const gate = new Promise<void>((resolve) => (both.go = resolve))
  const add = (first: number, second: number) =>
    retryContention(() => {
      attempts++
      return db.$transaction(async (tx) => {
        await tx.$executeRawUnsafe(`update producer.pair set n = n + 1 where id = ${first}`)
        if (++both.arrived >= 2) both.go()
        await gate
        await tx.$executeRawUnsafe(`update producer.pair set n = n + 1 where id = ${second}`)
      })
    })
  await Promise.all([add(1, 2), add(2, 1)])
  t.same(await query(db, 'select n from producer.pair order by id'), [{ n: 2 }, { n: 2 }])
  t.equal(attempts, 3)
})

t.test('contention is tried again a bounded number of times, anything else not at all', async (t) => {
  let attempts = 0
  const failing = (code: string) => () => {
    attempts++
    return Promise.reject(Object.assign(new Error(code), { code }))
  }
  await t.rejects(retryContention(failing('40001'), 3))
  t.equal(attempts, 3)
  await t.rejects(retryContention(failing('23505')))
  t.equal(attempts, 4)
})

const outages: readonly (readonly [string, boolean])[] = [
  ['EPIPE', true],
  ['ECONNRESET', true],
  ['ETIMEDOUT', true],
  ['53300', true],
  ['08006', true],
  ['57P01', true],
  ['P1001', true],
  ['P2024', true],
  ['23514', false],
  ['P2002', false],
  ['EHOSTUNREACH', true],
  ['P0001', false],
  ['EBADF', false],
]
for (const [code, expected] of outages) {
  t.test(`${code} ${expected ? 'is' : 'is not'} an outage`, async (t) => {
    t.equal(isDatabaseOutage(Object.assign(new Error('x'), { code })), expected)
    t.equal(isDatabaseOutage(Object.assign(new Error('x'), { code: 'P2010', cause: { code } })), expected)
  })
}

t.test('a pool gives back its connections when it closes', async (t) => {
  const scope = testScope(t)
  const database = { url, applicationName: 'leaving', maxConnections: 2, statementTimeoutMs: 1_000 }
  const db = new PrismaClient({ adapter: openDatabase(scope, silent, database) })
  await query(db, 'select 1')
  await scope.close()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(
    "select 1 from pg_stat_activity where application_name = 'leaving' and state <> 'idle'",
  )
  await client.end()
  t.same(rows, [])
})
