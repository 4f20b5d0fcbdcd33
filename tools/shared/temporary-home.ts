import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { removePostgres } from '../../internal/local/postgres-home.ts'
import { migrate } from '../../internal/migrate/migrate.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { storingServices } from '../../internal/services.ts'

/** A directory for local servers and all of their data. It is removed when the scope is closed. */
export async function temporaryHome(scope: Scope, tool: string): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), `tillstream-${tool}-`))
  scope.onClose('temporary directory', async () => {
    await removePostgres(dir)
    await rm(dir, { recursive: true, force: true })
  })
  await chmod(dir, 0o755) // PostgreSQL may run as another user
  return dir
}

/** Creates the schemas of all services in one database. */
export async function migrateAll(databaseUrl: string): Promise<void> {
  const databases = Object.fromEntries(storingServices.map((service) => [service, databaseUrl]))
  await migrate({ databases, prismaDir: path.resolve('prisma') })
}
