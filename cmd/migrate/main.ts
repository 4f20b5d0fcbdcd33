import path from 'node:path'
import { ConfigError, loadConfig, type Config } from '../../internal/config/config.ts'
import { lockDataDir } from '../../internal/local/data-lock.ts'
import { startPostgres } from '../../internal/local/postgres.ts'
import { SetupError } from '../../internal/local/setup-error.ts'
import { migrate } from '../../internal/migrate/migrate.ts'
import { makeRoles } from '../../internal/migrate/roles.ts'
import { storingServices } from '../../internal/services.ts'
import { writeRoleFiles } from './role-files.ts'

try {
  const config = loadConfig()
  const isConfigured = storingServices.every((service) => config.databases[service] !== '')
  await (isConfigured ? applyTo(config) : applyToLocal(config))
} catch (err) {
  const isExpected = err instanceof ConfigError || err instanceof SetupError
  process.stderr.write(`${isExpected ? err.message : String(err)}\n`)
  process.exitCode = 1
}

async function applyTo({ databases, local }: Config): Promise<void> {
  const applied = await migrate({ databases, prismaDir: path.resolve('prisma') })
  for (const { service, migration } of applied) process.stdout.write(`${service}: applied ${migration}\n`)
  if (applied.length === 0) process.stdout.write('every schema is up to date\n')
  const asRole = await makeRoles(databases)
  if (local.dbRolesDir !== '') await writeRoleFiles(local.dbRolesDir, databases, asRole)
}

/** Without DATABASE_URL this migrates the database of `npm start`, which must not be running. */
async function applyToLocal(config: Config): Promise<void> {
  const { dataDir } = config.local
  const unlock = await lockDataDir(dataDir)
  const postgres = await startPostgres({ dataDir })
  try {
    await applyTo(config.with({ DATABASE_URL: postgres.url('tillstream') }))
  } finally {
    await postgres.stop()
    await unlock()
  }
}
