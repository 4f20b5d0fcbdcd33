import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { AsRole } from '../../internal/migrate/roles.ts'
import { SetupError } from '../../internal/local/setup-error.ts'

/** Leaves the password of each service's role in `<dir>/<service>/password`, for its DB_PASSWORD_FILE. */
export async function writeRoleFiles(
  dir: string,
  databases: Readonly<Record<string, string>>,
  asRole: AsRole,
): Promise<void> {
  for (const [service, url] of Object.entries(databases)) {
    const own = new URL(asRole(service, url))
    if (own.href === new URL(url).href)
      throw new SetupError(
        'DB_ROLES_DIR is set, and no roles could be made: the user of the database needs a password and the right to create roles',
      )
    await write(path.join(dir, service), decodeURIComponent(own.password))
  }
}

/** Whole or not at all: a service may read it at any time. */
async function write(dir: string, password: string): Promise<void> {
  const draft = path.join(dir, `password.${process.pid}`)
  await mkdir(dir, { recursive: true, mode: 0o700 })
  await writeFile(draft, `${password}\n`, { mode: 0o600 })
  await rename(draft, path.join(dir, 'password'))
}
