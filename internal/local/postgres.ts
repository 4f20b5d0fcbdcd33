import { randomBytes } from 'node:crypto'
import { chmod, chown, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { postgresBinaries } from './postgres-binaries.ts'
import { postgresHome, type PostgresHome } from './postgres-home.ts'
import { postgresSettings } from './postgres-settings.ts'
import { becomesReady, endOrphan, logTail, spawnServer, type ServerProcess } from './server-process.ts'
import { SetupError } from './setup-error.ts'
import { execute, freePort } from './system.ts'

export type PostgresOptions = {
  /** The data, the password and the log are stored below this directory. */
  readonly dataDir: string
  /** A free port by default. */
  readonly port?: number | undefined
  /** Only tests set it to false: then a crash of the machine may destroy the database. */
  readonly isDurable?: boolean
}

export type Postgres = {
  readonly port: number
  readonly pid: number
  readonly url: (database: string) => string
  /** The folder of the data. It is below the data directory, unless PostgreSQL's user cannot enter that. */
  readonly dir: string
  readonly ended: Promise<void>
  readonly stop: () => Promise<void>
  /** `kill -9`, for fault drills. */
  readonly kill: () => Promise<void>
}

const superuser = 'tillstream'

/** Enough for the recovery after a crash, which replays the write-ahead log since the last checkpoint. */
const readyTimeoutMs = 120_000

/** Starts PostgreSQL on the data directory, in whatever state the last stop has left it. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const home = await postgresHome(options.dataDir)
  const bin = await postgresBinaries(home.user, home.spare)
  const data = path.join(home.dir, 'data')
  await endOrphanOn(data)
  const isDurable = options.isDurable ?? true
  if (!(await stat(data).catch(() => undefined))) await initialise(home, bin, isDurable)
  const password = await readFile(path.join(home.dir, 'password'), 'utf8')
  const { server, port } = await startOnPort(home, bin, options.port, isDurable)
  return {
    port,
    pid: server.pid,
    url: (database) => `postgresql://${superuser}:${password}@127.0.0.1:${port}/${database}`,
    dir: home.dir,
    ended: server.ended,
    // SIGINT ends the sessions and writes a checkpoint. SIGQUIT ends at once and leaves the rest to the recovery at
    // the next start.
    stop: () => server.stop('SIGINT', 'SIGQUIT'),
    kill: server.kill,
  }
}

/** Creates the database under another name first, so that an incomplete one is never taken for a complete one. */
async function initialise(home: PostgresHome, bin: string, isDurable: boolean): Promise<void> {
  for (const name of await readdir(home.dir)) {
    if (name.startsWith('draft-')) await rm(path.join(home.dir, name), { recursive: true, force: true })
  }
  const draft = path.join(home.dir, `draft-${process.pid}`)
  const passwordFile = path.join(home.dir, 'password')
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  await chmod(passwordFile, 0o600)
  if (home.user) await chown(passwordFile, home.user.uid, home.user.gid)
  // The built-in locale is the same on every machine. A locale of the system may be missing or sort differently after
  // an upgrade.
  const args = [
    ...['--pgdata', draft, '--username', superuser, '--auth', 'scram-sha-256', '--pwfile', passwordFile],
    ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ...(isDurable ? [] : ['--no-sync']),
  ]
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
  await execute(path.join(bin, 'initdb'), args, { ...home.user, cwd: '/', env }).catch((err: unknown) => {
    const output = err instanceof Error && 'stderr' in err ? String(err.stderr).trim() : String(err)
    throw new SetupError(`PostgreSQL's initdb failed in ${home.dir}:\n${output}`, err)
  })
  await rename(draft, path.join(home.dir, 'data'))
}

/** Ends a server that outlived its process, and removes the pid file of one that did not. */
async function endOrphanOn(data: string): Promise<void> {
  const pid = await serverPid(data)
  if (pid === undefined) return
  await endOrphan(pid, data, 'SIGINT', 'SIGQUIT')
  // The process id may belong to another process by now. Then PostgreSQL would refuse to start.
  await rm(path.join(data, 'postmaster.pid'), { force: true })
}

async function startOnPort(
  home: PostgresHome,
  bin: string,
  fixedPort: number | undefined,
  isDurable: boolean,
) {
  const data = path.join(home.dir, 'data')
  const logFile = path.join(home.dir, 'postgres.log')
  for (let attempt = 1; ; attempt++) {
    const port = fixedPort ?? (await freePort())
    const args = ['-D', data, '-p', String(port), ...postgresSettings(isDurable)]
    const file = path.join(bin, 'postgres')
    const server = await spawnServer({ file, args, logFile, user: home.user, lastSignal: 'SIGINT' })
    if (await becomesReady(server, () => takesConnections(server, data), readyTimeoutMs))
      return { server, port }
    await server.stop('SIGINT', 'SIGKILL')
    const tail = logTail(logFile)
    if (/could not (bind|create any TCP)/.test(tail) && fixedPort !== undefined) {
      throw new SetupError(`port ${fixedPort} for PostgreSQL is taken`)
    }
    // Another process may have taken the port, or the last sessions of a killed server have not ended yet. Both pass.
    const isPassing = /could not (bind|create any TCP)|shared memory block|lock file/.test(tail)
    if (!isPassing || attempt === 10)
      throw new SetupError(`PostgreSQL does not start in ${home.dir}:\n${tail}`)
    await sleep(300)
  }
}

/** The last line of the server's pid file is `ready` as soon as the server accepts connections. */
async function takesConnections(server: ServerProcess, data: string): Promise<boolean> {
  const lines = await pidFileLines(data)
  return Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready'
}

async function serverPid(data: string): Promise<number | undefined> {
  const pid = Number((await pidFileLines(data))[0])
  return Number.isInteger(pid) && pid > 1 ? pid : undefined
}

async function pidFileLines(data: string): Promise<string[]> {
  return (await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
}
