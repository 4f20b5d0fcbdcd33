// What integration tests need: a PostgreSQL with a migrated template database, and a nats-server program.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { findNatsServer } from '../internal/local/nats-binary.ts'
import { removePostgres } from '../internal/local/postgres-home.ts'
import { startPostgres } from '../internal/local/postgres.ts'
import { migrate } from '../internal/migrate/migrate.ts'
import { services } from '../internal/migrate/services.ts'
import { root } from './root.mjs'
import { Failure } from './steps.mjs'

const template = 'tillstream_template'

/** `env` says where they are; tests read it through internal/platform/testing. */
export async function openTestServers(isNeeded, step) {
  if (!isNeeded) return { env: {}, close: async () => {} }
  try {
    const nats = await findNatsServer({
      configured: process.env.NATS_SERVER_BIN,
      searchPath: process.env.PATH ?? '',
      cacheDir: path.join(root, '.cache'),
      step,
    })
    const postgres = await step('starting PostgreSQL', openPostgres)
    return {
      env: { TEST_POSTGRES_URL: postgres.url(template), NATS_SERVER_BIN: nats.file },
      close: postgres.close,
    }
  } catch (err) {
    throw err.name === 'SetupError' ? new Failure(err.message) : err
  }
}

async function openPostgres() {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'tillstream-test-'))
  await chmod(dataDir, 0o755) // PostgreSQL may run as another user
  const remove = async () => {
    await removePostgres(dataDir)
    await rm(dataDir, { recursive: true, force: true })
  }
  try {
    const postgres = await startPostgres({ dataDir, isDurable: false })
    const close = async () => {
      await postgres.stop()
      await remove()
    }
    await makeTemplate(postgres).catch(async (err) => {
      await close()
      throw err
    })
    return { url: postgres.url, close }
  } catch (err) {
    await remove()
    throw err
  }
}

async function makeTemplate(postgres) {
  const url = postgres.url(template)
  const databases = Object.fromEntries(services.map((service) => [service, url]))
  await migrate({ databases, prismaDir: path.join(root, 'prisma') })
  const client = new pg.Client({ connectionString: postgres.url('postgres') })
  await client.connect()
  // Nobody can disturb the cloning by a connection.
  await client.query(`ALTER DATABASE ${template} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true`)
  await client.end()
}
