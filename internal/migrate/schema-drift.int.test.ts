import { readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import { testDatabase } from '../platform/testing/database.ts'
import { storingServices } from '../services.ts'
import { schemaOf } from './services.ts'
import { openSchemaEngine, type SchemaEngine } from './testing/schema-engine.ts'

/** Differences that Prisma's language cannot express, so that Prisma would undo them. */
const beyondPrisma: Readonly<Record<string, string>> = {
  // This is a generated column, whose expression Prisma takes for a default.
  inventory: '-- AlterTable\nALTER TABLE "products" ALTER COLUMN "search" DROP DEFAULT;',
  // Their operator class is for how a text begins, and Prisma does not find it again.
  user: '-- DropIndex\nDROP INDEX "accounts_email_prefix";\n\n-- DropIndex\nDROP INDEX "accounts_username_prefix";',
}

for (const service of storingServices) {
  void t.test(`the migrations of ${service} make what its schema.prisma says`, async (t) => {
    const { engine } = await openService(t, service)
    t.equal((await engine.drift()).trim(), beyondPrisma[service] ?? '')
  })

  void t.test(`Prisma finds the history of ${service} as if it had migrated itself`, async (t) => {
    const { engine } = await openService(t, service)
    t.match(await engine.history(), {
      hasMigrationsTable: true,
      history: null,
      failedMigrationNames: [],
      editedMigrationNames: [],
    })
  })
}

void t.test('a column that schema.prisma does not know is noticed', async (t) => {
  const { engine, sql } = await openService(t, 'user')
  await sql('ALTER TABLE users.accounts ADD COLUMN shoe_size integer')
  t.match(await engine.drift(), /DROP COLUMN "shoe_size"/)
})

void t.test('an edited migration is noticed', async (t) => {
  const { engine, sql } = await openService(t, 'user')
  await sql(`UPDATE users._prisma_migrations SET checksum = repeat('0', 64)`)
  t.match(await engine.history(), { editedMigrationNames: [/_init$/] })
})

async function openService(
  t: Test,
  service: string,
): Promise<{ engine: SchemaEngine; sql: (text: string) => Promise<unknown> }> {
  const { url } = await testDatabase(t)
  const engine = await openSchemaEngine({
    databaseUrl: url,
    schemaName: schemaOf[service]!,
    schema: await readFile(path.join('prisma', service, 'schema.prisma'), 'utf8'),
    migrationsDir: path.resolve('prisma', service, 'migrations'),
  })
  t.teardown(() => engine.close())
  const sql = async (text: string): Promise<unknown> => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    return client.query(text).finally(() => client.end())
  }
  return { engine, sql }
}
