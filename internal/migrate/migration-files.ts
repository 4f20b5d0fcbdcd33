import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'

export type Migration = {
  /** The name of the folder, `<time>_<name>`, so that the names sort by time. */
  readonly name: string
  readonly sql: string
  /** The checksum of the file, computed as Prisma does, with lines that end in LF whatever the checkout made of them. */
  readonly checksum: string
  /** The one of a checkout with CRLF, which databases may have that were migrated from there. */
  readonly crlfChecksum: string
}

/** Reads Prisma's folder layout: prisma/<service>/migrations/<time>_<name>/migration.sql. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const content = await readFile(path.join(folder, name, 'migration.sql'), 'utf8')
      const sql = content.replaceAll('\r\n', '\n')
      return { name, sql, checksum: sha256(sql), crlfChecksum: sha256(sql.replaceAll('\n', '\r\n')) }
    }),
  )
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
