import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
} from '@prisma/driver-adapter-utils'
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg'
import { readFile, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import pg from 'pg'

export type SchemaEngine = {
  /** The SQL that would change the database to match schema.prisma; empty when they match. */
  readonly drift: () => Promise<string>
  /** The result that `prisma migrate status` would report. */
  readonly history: () => Promise<glue.DiagnoseMigrationHistoryOutput>
  readonly close: () => Promise<void>
}

export type Target = {
  readonly databaseUrl: string
  readonly schemaName: string
  /** The text of schema.prisma. */
  readonly schema: string
  readonly migrationsDir: string
}

const noFilters = { externalTables: [], externalEnums: [] }

/** Opens Prisma's own schema engine in its WebAssembly form, which needs no download. */
export async function openSchemaEngine(target: Target): Promise<SchemaEngine> {
  const { databaseUrl, schemaName, schema, migrationsDir } = target
  await loadWasm()
  // Prisma keeps its history in the schema of the URL (`?schema=`). The engine finds that schema by the search path.
  const options = `-c search_path=${schemaName}`
  const pool = new pg.Pool({ connectionString: databaseUrl, options, max: 2 })
  const factory = new PrismaPg(pool, { schema: schemaName })
  const adapter = bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: factory.adapterName,
    connect: async () => mended(await factory.connect(), pool),
    connectToShadowDb: () => Promise.reject(new Error('no shadow database is needed to compare')),
  })
  const file = path.resolve('schema.prisma')
  const files = { files: [{ path: file, content: schema }] }
  const engine = await glue.SchemaEngine.new({ datamodels: [[file, schema]] }, () => {}, adapter)
  return {
    async drift() {
      const { stdout, exitCode } = await engine.diff({
        from: { tag: 'schemaDatasource', ...files, configDir: process.cwd() },
        to: { tag: 'schemaDatamodel', ...files },
        script: true,
        exitCode: true,
        filters: noFilters,
      })
      return exitCode === 0 ? '' : (stdout ?? '')
    },
    history: async () =>
      engine.diagnoseMigrationHistory({
        migrationsList: await migrationList(migrationsDir),
        optInToShadowDatabase: false,
        filters: noFilters,
      }),
    async close() {
      engine.free()
      await pool.end()
    },
  }
}

type Exports = { readonly __wbindgen_start: () => void }

/** The function that connects the two halves of the package. It is not in the package's types. */
type Linker = { readonly __wbg_set_wasm: (exports: Exports) => void }
type Linkable = {
  instantiate: (code: Buffer, imports: object) => Promise<{ instance: { exports: Exports } }>
}

let isLoaded = false

async function loadWasm(): Promise<void> {
  if (isLoaded) return
  isLoaded = true
  const onPanic = (text: string): boolean => process.stderr.write(`${text}\n`)
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: onPanic } })
  const main = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const code = await readFile(path.join(path.dirname(main), 'schema_engine_bg.wasm'))
  const { WebAssembly } = globalThis as unknown as { WebAssembly: Linkable }
  const { instance } = await WebAssembly.instantiate(code, { './schema_engine_bg.js': glue })
  const linker = glue as unknown as Linker
  linker.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
}

const charType = 18
const bpcharType = 1042

/** Makes adapter-pg 7.10 understand the type "char" of PostgreSQL's catalogues, which the engine reads. */
function mended(adapter: SqlDriverAdapter, pool: pg.Pool): SqlDriverAdapter {
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryResult>
  let charColumns: number[] = []
  const queryAndNote = async (...args: unknown[]): Promise<pg.QueryResult> => {
    const result = await query(...args)
    const fields = (result as { fields?: pg.FieldDef[] }).fields ?? []
    charColumns = fields.flatMap((field, i) => (field.dataTypeID === charType ? [i] : []))
    for (const i of charColumns) fields[i]!.dataTypeID = bpcharType
    return result
  }
  Object.assign(pool, { query: queryAndNote })
  const queryRaw = adapter.queryRaw.bind(adapter)
  adapter.queryRaw = async (parameters) => {
    const result = await queryRaw(parameters)
    for (const i of charColumns) result.columnTypes[i] = ColumnTypeEnum.Character
    return result
  }
  return adapter
}

async function migrationList(dir: string): Promise<glue.MigrationList> {
  const entries = await readdir(dir, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return {
    baseDir: dir,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(path.join(dir, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.sort().map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: await readFile(path.join(dir, name, 'migration.sql'), 'utf8'),
          },
        },
      })),
    ),
  }
}
