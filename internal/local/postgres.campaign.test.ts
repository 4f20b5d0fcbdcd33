import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import { removePostgres } from './postgres-home.ts'
import { startPostgres, type Postgres } from './postgres.ts'
import { commandLine } from './system.ts'

void t.test('keeps what was committed over a stop and a start', async (t) => {
  const { start } = await dataDir(t)
  const first = await start()
  await query(first, 'CREATE TABLE kept (id integer)')
  await first.stop()
  await query(await start(), 'SELECT * FROM kept')
})

void t.test('is durable, unless a test says otherwise', async (t) => {
  const { start } = await dataDir(t)
  const settings = await query(await start(true), `SELECT current_setting('fsync') AS fsync`)
  t.strictSame(settings, [{ fsync: 'on' }])
})

void t.test('refuses a wrong password', async (t) => {
  const { start } = await dataDir(t)
  const url = new URL((await start()).url('postgres'))
  url.password = 'guess'
  await t.rejects(new pg.Client({ connectionString: url.href }).connect(), { code: '28P01' })
})

void t.test('takes over from a server that outlived its process', async (t) => {
  const { start } = await dataDir(t)
  const orphan = await start()
  const heir = await start()
  await orphan.ended
  t.equal(await commandLine(orphan.pid), undefined)
  t.strictSame(await query(heir, 'SELECT 1 AS one'), [{ one: 1 }])
})

void t.test('recovers from kill -9, also when its process id belongs to another by now', async (t) => {
  const { start } = await dataDir(t)
  const first = await start(true)
  await query(first, 'CREATE TABLE kept (id integer)')
  await first.kill()
  const pidFile = path.join(first.dir, 'data', 'postmaster.pid')
  await writeFile(pidFile, (await readFile(pidFile, 'utf8')).replace(/^\d+/, String(process.pid)))
  await query(await start(true), 'SELECT * FROM kept')
})

void t.test('begins anew where the making of a database was interrupted', async (t) => {
  const { dir, start } = await dataDir(t)
  await mkdir(path.join(dir, 'postgres', 'draft-1', 'base'), { recursive: true })
  const postgres = await start()
  await t.rejects(stat(path.join(postgres.dir, 'draft-1')), { code: 'ENOENT' })
})

void t.test(
  'goes where its user can, and is deleted there too',
  { skip: isRoot() ? false : 'needs root' },
  async (t) => {
    const { dir, start } = await dataDir(t)
    await chmod(dir, 0o700)
    const first = await start()
    t.notOk(first.dir.startsWith(dir))
    await first.stop()
    t.equal((await start()).dir, first.dir)
    await removePostgres(dir)
    await t.rejects(stat(first.dir), { code: 'ENOENT' })
  },
)

void t.test('says which port is taken', async (t) => {
  const { start } = await dataDir(t)
  const other = await dataDir(t)
  const { port } = await start()
  await t.rejects(startPostgres({ dataDir: other.dir, port, isDurable: false }), {
    name: 'SetupError',
    message: `port ${port} for PostgreSQL is taken`,
  })
})

function isRoot(): boolean {
  return process.getuid?.() === 0
}

async function dataDir(t: Test) {
  const dir = await mkdtemp(path.join(process.env.TEST_TMP_DIR ?? tmpdir(), 'local-'))
  await chmod(dir, 0o755)
  t.teardown(async () => {
    await removePostgres(dir)
    await rm(dir, { recursive: true, force: true })
  })
  const start = async (isDurable = false): Promise<Postgres> => {
    const postgres = await startPostgres({ dataDir: dir, isDurable })
    t.teardown(() => postgres.stop())
    return postgres
  }
  return { dir, start }
}

async function query(postgres: Postgres, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: postgres.url('postgres') })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}
