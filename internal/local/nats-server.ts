import { mkdir, readFile, realpath, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'
import { writePrivate, type BrokerCredentials } from './broker-credentials.ts'
import { type NatsBinary } from './nats-binary.ts'
import { becomesReady, endOrphan, logTail, spawnServer, type ServerProcess } from './server-process.ts'
import { SetupError } from './setup-error.ts'
import { freePort } from './system.ts'

export type NatsServerOptions = {
  readonly binary: NatsBinary
  /** The folder for JetStream's store, the configuration, the log and the pid file. */
  readonly dir: string
  /** A free port by default. It stays the same over restarts. */
  readonly port?: number | undefined
  /** How much JetStream may store. The server's default is three quarters of the free disk. */
  readonly maxStoreBytes?: number | undefined
  /** True makes the server sync every write to the disk, which it can from 2.10 on. Only tests set it to false. */
  readonly isDurable?: boolean
  /** Its users. Without any it lets everybody in who reaches it, which is the loopback address only. */
  readonly credentials?: BrokerCredentials | undefined
}

export type NatsServer = {
  readonly url: string
  readonly port: number
  readonly pid: () => number | undefined
  /** Resolves when the server that is running now has ended for any reason. */
  readonly ended: () => Promise<void>
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
  readonly kill: () => Promise<void>
  /** Deletes everything that JetStream has stored. The server must not be running. */
  readonly wipe: () => Promise<void>
}

/** The largest message with its headers. It is the server's default, but it is set because the streams depend on it. */
const maxPayloadBytes = 1_048_576

/** Reading a large store at the start takes a while. */
const readyTimeoutMs = 60_000

/** Prepares a server, which then can be started by `start()`. */
export async function natsServer(options: NatsServerOptions): Promise<NatsServer> {
  await mkdir(options.dir, { recursive: true })
  const dir = await realpath(options.dir)
  const port = options.port ?? (await freePort())
  const store = path.join(dir, 'jetstream')
  const configFile = path.join(dir, 'nats.conf')
  await endOrphanIn(dir, configFile)
  await writePrivate(configFile, configuration(options, dir, store, port))
  let server: ServerProcess | undefined
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    pid: () => server?.pid,
    ended: async () => server?.ended,
    async start() {
      server = await startOnce(options.binary.file, configFile, path.join(dir, 'nats.log'), port)
    },
    async stop() {
      await server?.stop('SIGTERM', 'SIGKILL')
      server = undefined
    },
    async kill() {
      await server?.kill()
      server = undefined
    },
    wipe: () => rm(store, { recursive: true, force: true }),
  }
}

async function startOnce(
  file: string,
  configFile: string,
  logFile: string,
  port: number,
): Promise<ServerProcess> {
  if (await answers(port)) throw new SetupError(`port ${port} for nats-server is taken`)
  const server = await spawnServer({ file, args: ['-c', configFile], logFile, lastSignal: 'SIGTERM' })
  if (await becomesReady(server, () => answers(port), readyTimeoutMs)) return server
  await server.stop('SIGTERM', 'SIGKILL')
  throw new SetupError(`nats-server does not start:\n${logTail(logFile)}`)
}

/** True when the server sends its INFO line to a new connection, which it does after JetStream has read its store. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const done = (result: boolean): void => {
      socket.destroy()
      resolve(result)
    }
    socket.once('data', () => done(true))
    socket.once('error', () => done(false))
    socket.setTimeout(1_000, () => done(false))
  })
}

async function endOrphanIn(dir: string, configFile: string): Promise<void> {
  const pid = Number(await readFile(path.join(dir, 'nats.pid'), 'utf8').catch(() => ''))
  if (Number.isInteger(pid) && pid > 1) await endOrphan(pid, configFile, 'SIGTERM', 'SIGKILL')
}

function configuration(options: NatsServerOptions, dir: string, store: string, port: number): string {
  const [major, minor] = options.binary.version
  const canSync = major > 2 || minor >= 10
  const quoted = (text: string): string => JSON.stringify(text)
  return [
    'host: 127.0.0.1',
    `port: ${port}`,
    `pid_file: ${quoted(path.join(dir, 'nats.pid'))}`,
    `max_payload: ${maxPayloadBytes}`,
    'jetstream {',
    `  store_dir: ${quoted(store)}`,
    ...(options.maxStoreBytes === undefined ? [] : [`  max_file_store: ${options.maxStoreBytes}`]),
    ...(canSync && (options.isDurable ?? true) ? ['  sync_interval: always'] : []),
    '}',
    options.credentials?.conf ?? '',
  ].join('\n')
}
