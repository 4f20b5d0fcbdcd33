import { SetupError } from './setup-error.ts'
import { execute, mayUser, type SystemUser } from './system.ts'

/**
 * The user who runs PostgreSQL, or undefined for the present one. PostgreSQL refuses to run as root, and initdb needs
 * a user that the machine knows by name. Then `postgres` is used, which is created if it is missing, or else `nobody`.
 */
export async function postgresUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const user = (await lookUp('postgres')) ?? (await createPostgres()) ?? (await lookUp('nobody'))
  if (user && mayUser(user, 'true', '')) return user
  throw new SetupError(
    'PostgreSQL does not run as root, and this root may not switch to another user: run as an ordinary user, or set DATABASE_URL',
  )
}

async function lookUp(name: string): Promise<SystemUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([execute('id', ['-u', name]), execute('id', ['-g', name])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return undefined
  }
}

async function createPostgres(): Promise<SystemUser | undefined> {
  const ways = [
    ['useradd', '--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', 'postgres'],
    ['adduser', '-S', '-D', '-H', 'postgres'],
  ] as const
  for (const [command, ...args] of ways) {
    const user = await execute(command, args).then(
      () => lookUp('postgres'),
      () => undefined,
    )
    if (user) return user
  }
  return undefined
}
