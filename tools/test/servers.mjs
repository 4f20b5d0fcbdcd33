// Starts what integration tests need: a PostgreSQL with a migrated template database, and a nats-server program.
import path from 'node:path'
import pg from 'pg'
import { findNatsServer } from '../../internal/local/nats-binary.ts'
import { startPostgres } from '../../internal/local/postgres.ts'
import { migrate } from '../../internal/migrate/migrate.ts'
import { storingServices } from '../../internal/services.ts'
import { root } from '../../scripts/root.mjs'
import { Failure } from '../../scripts/steps.mjs'

const template = 'tillstream_template'

/** `env` has their addresses, which tests read through internal/platform/testing. */
export async function openTestServers(isNeeded, { databaseDir, isInMemory }, step) {
  if (!isNeeded) return { env: {}, close: async () => {} }
  try {
    const nats = await findNatsServer({
      configured: process.env.NATS_SERVER_BIN,
      searchPath: process.env.PATH ?? '',
      cacheDir: path.join(root, '.cache'),
      step,
    })
    const postgres = await step('starting PostgreSQL', () => openPostgres(databaseDir))
    return {
      env: {
        TEST_POSTGRES_URL: postgres.url(template),
        // Copying its files is the quickest way to clone a database in memory, and on a disk the slowest.
        TEST_CLONE_STRATEGY: isInMemory ? 'FILE_COPY' : 'WAL_LOG',
        NATS_SERVER_BIN: nats.file,
      },
      close: postgres.stop,
    }
  } catch (err) {
    throw err.name === 'SetupError' ? new Failure(err.message) : err
  }
}

async function openPostgres(dataDir) {
  const postgres = await startPostgres({ dataDir, isDurable: false })
  await makeTemplate(postgres).catch(async (err) => {
    await postgres.stop()
    throw err
  })
  return postgres
}

async function makeTemplate(postgres) {
  const url = postgres.url(template)
  const databases = Object.fromEntries(storingServices.map((service) => [service, url]))
  await migrate({ databases, prismaDir: path.join(root, 'prisma') })
  const client = new pg.Client({ connectionString: postgres.url('postgres') })
  await client.connect()
  // Connections are refused, because they would prevent the cloning.
  await client.query(`ALTER DATABASE ${template} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true`)
  await client.end()
}
