import { createHash } from 'node:crypto'
import { chmod, chown, mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createDataDir } from './data-lock.ts'
import { postgresUser } from './postgres-user.ts'
import { SetupError } from './setup-error.ts'
import { mayUser, type SystemUser } from './system.ts'

/** The folder of the database and its password, and the user who runs the server on it. */
export type PostgresHome = {
  readonly dir: string
  /** True when the folder is not below the data directory. */
  readonly isElsewhere: boolean
  readonly user: SystemUser | undefined
  /** The folder for copies of the programs, in case the user cannot reach the installed ones. */
  readonly spare: string
}

/** The folder for the data when PostgreSQL's user cannot enter the data directory, as in a checkout under /root. */
const reachable = '/var/lib/tillstream'

export async function postgresHome(dataDir: string): Promise<PostgresHome> {
  await createDataDir(dataDir)
  const near = path.join(await realpath(dataDir), 'postgres')
  const known = await readFile(pointerFile(dataDir), 'utf8').catch(() => '')
  if (known !== '') return ready(known, reachable)
  const home = await ready(near, path.dirname(near))
  if (mayUser(home.user, '[ -w "$1" ] && [ -x "$1" ]', home.dir)) return home
  const far = path.join(reachable, createHash('sha256').update(near).digest('hex').slice(0, 12))
  const farHome = await ready(far, reachable)
  await writeFile(pointerFile(dataDir), far)
  await rm(near, { recursive: true, force: true })
  return farHome
}

/** Deletes the database, in whichever of the two places it is. */
export async function removePostgres(dataDir: string): Promise<void> {
  const known = await readFile(pointerFile(dataDir), 'utf8').catch(() => '')
  if (path.dirname(known) === reachable) await rm(known, { recursive: true, force: true })
  await rm(pointerFile(dataDir), { force: true })
  await rm(path.join(dataDir, 'postgres'), { recursive: true, force: true })
}

function pointerFile(dataDir: string): string {
  return path.join(dataDir, 'postgres.location')
}

async function ready(dir: string, spare: string): Promise<PostgresHome> {
  await mkdir(dir, { recursive: true, mode: 0o755 })
  const user = (await ownerOfData(dir)) ?? (await postgresUser())
  if (user) {
    // Some shared folders have no owners. Whether the user has access is checked afterwards.
    await chown(dir, user.uid, user.gid).catch(() => {})
    await chmod(dir, 0o700).catch(() => {})
  }
  return { dir, isElsewhere: spare === reachable, user, spare }
}

/** The user who created the database has to run it. Only root can run it for another user. */
async function ownerOfData(dir: string): Promise<SystemUser | undefined> {
  const owner = await stat(path.join(dir, 'data')).catch((err: unknown) => {
    if (err instanceof Error && 'code' in err && err.code === 'EACCES') return stat(dir)
    return undefined
  })
  const self = process.getuid?.()
  if (!owner || owner.uid === self || self === undefined) return undefined
  if (self === 0) return { uid: owner.uid, gid: owner.gid }
  throw new SetupError(
    `the database in ${dir} belongs to another user (${owner.uid}): run as that user, or choose another DATA_DIR`,
  )
}
