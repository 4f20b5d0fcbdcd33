import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import { testDatabase } from '../platform/testing/database.ts'
import { migrate, type MigrateOptions } from './migrate.ts'
import { storingServices } from '../services.ts'

void t.test('creates a database that is missing, and has nothing to do the second time', async (t) => {
  const { options } = await emptyDatabase(t)
  await addMigration(options, 'order', '1_init', 'CREATE TABLE lines (id integer)')
  t.strictSame(await migrate(options), [{ service: 'order', migration: '1_init' }])
  t.strictSame(await migrate(options), [])
})

void t.test(
  'a new database keeps Unicode, and one that does not is refused before anything is made',
  async (t) => {
    const { options, query, databaseUrl } = await emptyDatabase(t)
    await addMigration(options, 'order', '1_init', 'CREATE TABLE lines (id integer)')
    await migrate(options)
    t.strictSame(await query(`SELECT current_setting('server_encoding') AS encoding`), [{ encoding: 'UTF8' }])

    const ascii = new URL(databaseUrl)
    ascii.pathname = `${ascii.pathname}_ascii`
    const name = ascii.pathname.slice(1)
    await query(`CREATE DATABASE "${name}" TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'`)
    t.teardown(() => query(`DROP DATABASE "${name}"`))
    const databases = Object.fromEntries(storingServices.map((service) => [service, ascii.href]))
    await t.rejects(migrate({ ...options, databases }), {
      name: 'SetupError',
      message: new RegExp(
        `^the database ${name} has the encoding SQL_ASCII, and must have UTF8: .*template0`,
      ),
    })
  },
)

void t.test('applies what is new, in the order of the names', async (t) => {
  const { options, query } = await emptyDatabase(t)
  await addMigration(options, 'order', '2_second', 'ALTER TABLE lines ADD COLUMN a integer')
  await addMigration(options, 'order', '1_first', 'CREATE TABLE lines (id integer)')
  t.same(
    (await migrate(options)).map(({ migration }) => migration),
    ['1_first', '2_second'],
  )
  t.strictSame(await query('SELECT count(a)::int AS rows FROM orders.lines'), [{ rows: 0 }])
})

void t.test('a migration that fails leaves nothing behind and can be mended', async (t) => {
  const { options, query } = await emptyDatabase(t)
  await addMigration(options, 'user', '1_init', 'CREATE TABLE accounts (id integer); SELECT no_such_column')
  await t.rejects(migrate(options), { message: /1_init failed: .*no_such_column/ })
  t.strictSame(await query(`SELECT to_regclass('users.accounts') AS table`), [{ table: null }])
  await addMigration(options, 'user', '1_init', 'CREATE TABLE accounts (id integer)')
  t.strictSame(await migrate(options), [{ service: 'user', migration: '1_init' }])
})

void t.test('a migration that was changed after it had been applied is refused', async (t) => {
  const { options } = await emptyDatabase(t)
  await addMigration(options, 'user', '1_init', 'CREATE TABLE accounts (id integer)')
  await migrate(options)
  await addMigration(options, 'user', '1_init', 'CREATE TABLE accounts (id bigint)')
  await t.rejects(migrate(options), { message: /1_init was changed/ })
})

void t.test('the ends of lines are no change, whichever checkout came first', async (t) => {
  const sql = 'CREATE TABLE accounts (\n  id integer\n)\n'
  const crlf = sql.replaceAll('\n', '\r\n')
  const { options, query } = await emptyDatabase(t)
  const nothingNew = async (what: string, content: string): Promise<void> => {
    await addMigration(options, 'user', '1_init', content)
    t.strictSame(await migrate(options), [], what)
  }
  await addMigration(options, 'user', '1_init', sql)
  await migrate(options)
  await nothingNew('then with CRLF', crlf)
  // As a checkout with CRLF has written it before.
  const old = createHash('sha256').update(crlf).digest('hex')
  await query(`UPDATE users._prisma_migrations SET checksum = '${old}'`)
  await nothingNew('still with CRLF', crlf)
  await nothingNew('then with LF', sql)
})

void t.test('four at once apply each migration once', async (t) => {
  const { options } = await emptyDatabase(t)
  await addMigration(options, 'user', '1_init', 'CREATE TABLE accounts (id integer)')
  const results = await Promise.all([1, 2, 3, 4].map(() => migrate(options)))
  t.equal(results.flat().length, 1)
})

void t.test('a service with a database of its own has an outbox in it', async (t) => {
  const { options } = await emptyDatabase(t)
  const other = await emptyDatabase(t)
  await addMigration(options, 'producer', '1_outbox', 'CREATE TABLE outbox (id integer)')
  const databases = { ...options.databases, order: String(other.options.databases.order) }
  await migrate({ ...options, databases })
  const expected = [{ table: 'producer.outbox' }]
  t.match(await other.query(`SELECT to_regclass('producer.outbox')::text AS table`), expected)
})

async function emptyDatabase(t: Test) {
  const { url: sibling } = await testDatabase(t)
  const url = new URL(sibling)
  url.pathname = `${url.pathname}_empty`
  t.teardown(() => run(sibling, `DROP DATABASE IF EXISTS "${url.pathname.slice(1)}" WITH (FORCE)`))
  const prismaDir = await mkdtemp(path.join(process.env.TEST_TMP_DIR ?? tmpdir(), 'migrations-'))
  t.teardown(() => rm(prismaDir, { recursive: true, force: true }))
  for (const service of storingServices)
    await mkdir(path.join(prismaDir, service, 'migrations'), { recursive: true })
  const databases = Object.fromEntries(storingServices.map((service) => [service, url.href]))
  const options: MigrateOptions = { databases, prismaDir }
  return { options, databaseUrl: url.href, query: (sql: string) => run(url.href, sql) }
}

async function addMigration({ prismaDir }: MigrateOptions, service: string, name: string, sql: string) {
  const folder = path.join(prismaDir, service, 'migrations', name)
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'migration.sql'), sql)
}

async function run(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}
