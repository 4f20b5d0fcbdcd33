import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type pg from 'pg'
import { connectOrCreate } from './connect-or-create.ts'
import { readMigrations, type Migration } from './migration-files.ts'
import { storingServices } from '../services.ts'
import { schemaOf } from './services.ts'

export type MigrateOptions = {
  /** The database URL of each service that stores something, by the service's name. */
  readonly databases: Readonly<Record<string, string>>
  /** The folder that holds <service>/migrations. */
  readonly prismaDir: string
}

export type Applied = {
  readonly service: string
  readonly migration: string
}

/** The lock of Prisma itself, so that `prisma migrate deploy` and this never run at the same time. */
export const migrationLock = 72_707_369

/** Brings each service's schema up to date. Returns the migrations that it applied. */
export async function migrate({ databases, prismaDir }: MigrateOptions): Promise<readonly Applied[]> {
  const applied: Applied[] = []
  for (const [url, members] of byDatabase(databases)) {
    const client = await connectOrCreate(url)
    try {
      await client.query('SELECT pg_advisory_lock($1)', [migrationLock])
      for (const service of members) {
        const migrations = await readMigrations(path.join(prismaDir, service, 'migrations'))
        const names = await migrateSchema(client, schemaOf[service] ?? service, migrations)
        applied.push(...names.map((migration) => ({ service, migration })))
      }
    } finally {
      await client.end() // this releases the lock
    }
  }
  return applied
}

/** Groups the services by database. Each database has an outbox, so the producer's schema is added to each of them. */
function byDatabase(databases: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> {
  const urls = new Set(storingServices.map((service) => urlOf(databases, service)))
  return new Map(
    [...urls].map((url) => [
      url,
      storingServices.filter((service) => service === 'producer' || databases[service] === url),
    ]),
  )
}

function urlOf(databases: Readonly<Record<string, string>>, service: string): string {
  const url = databases[service]
  if (url === undefined) throw new Error(`there is no database URL for the ${service} service`)
  return url
}

async function migrateSchema(client: pg.Client, schema: string, migrations: readonly Migration[]) {
  await client.query(historyTable(schema))
  const history = await readHistory(client, schema)
  const pending = migrations.filter((migration) => !isDone(migration, history))
  for (const migration of pending) await apply(client, schema, migration)
  return pending.map(({ name }) => name)
}

type HistoryRow = {
  readonly migration_name: string
  readonly checksum: string
  readonly finished_at: Date | null
}

async function readHistory(client: pg.Client, schema: string): Promise<readonly HistoryRow[]> {
  const { rows } = await client.query<HistoryRow>(
    `SELECT migration_name, checksum, finished_at FROM "${schema}"._prisma_migrations WHERE rolled_back_at IS NULL`,
  )
  return rows
}

function isDone(migration: Migration, history: readonly HistoryRow[]): boolean {
  const row = history.find(({ migration_name }) => migration_name === migration.name)
  if (!row) return false
  if (row.finished_at === null) {
    throw new Error(
      `migration ${migration.name} was begun by Prisma and failed; see \`prisma migrate resolve\``,
    )
  }
  if (![migration.checksum, migration.crlfChecksum].includes(row.checksum)) {
    throw new Error(
      `migration ${migration.name} was changed after it had been applied; add another one instead`,
    )
  }
  return true
}

/** Runs the file and records it in one transaction, so that a migration that fails leaves nothing behind. */
async function apply(client: pg.Client, schema: string, { name, sql, checksum }: Migration): Promise<void> {
  const startedAt = new Date()
  try {
    await client.query('BEGIN')
    await client.query(`SET LOCAL search_path TO "${schema}"`)
    await client.query(sql)
    await client.query(
      `INSERT INTO "${schema}"._prisma_migrations
         (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name, startedAt],
    )
    await client.query('COMMIT')
  } catch (err) {
    await client.query('ROLLBACK')
    throw new Error(`migration ${name} failed: ${err instanceof Error ? err.message : String(err)}`, {
      cause: err,
    })
  }
}

/** The same table as Prisma creates. */
function historyTable(schema: string): string {
  return `
    CREATE SCHEMA IF NOT EXISTS "${schema}";
    CREATE TABLE IF NOT EXISTS "${schema}"._prisma_migrations (
      id VARCHAR(36) PRIMARY KEY NOT NULL,
      checksum VARCHAR(64) NOT NULL,
      finished_at TIMESTAMPTZ,
      migration_name VARCHAR(255) NOT NULL,
      logs TEXT,
      rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
      applied_steps_count INTEGER NOT NULL DEFAULT 0
    )`
}
