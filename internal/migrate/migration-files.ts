import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'

export type Migration = {
  /** The folder's name, `<time>_<name>`; their order is the order of time. */
  readonly name: string
  readonly sql: string
  /** Of the file as it is, as Prisma computes it. */
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
