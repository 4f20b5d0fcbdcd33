import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'

export type Migration = {
  /** The name of the folder, `<time>_<name>`, so that the names sort by time. */
  readonly name: string
  readonly sql: string
  /** The checksum of the file's bytes, computed as Prisma does. */
  readonly checksum: string
}

/** Reads Prisma's folder layout: prisma/<service>/migrations/<time>_<name>/migration.sql. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const content = await readFile(path.join(folder, name, 'migration.sql'))
      const checksum = createHash('sha256').update(content).digest('hex')
      return { name, sql: content.toString('utf8'), checksum }
    }),
  )
}
