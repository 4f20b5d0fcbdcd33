import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { devNull, homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { loadConfig } from '../../internal/config/config.ts'
import { withClient } from '../bench/seed.ts'
import type { FaultKind } from './fault-kinds.ts'
import type { Disk, Field, Service } from './field.ts'
import { startTcpProxy, type TcpProxy } from '../../internal/platform/testing/tcp-proxy.ts'
import { postgresHome, removePostgres } from '../../internal/local/postgres-home.ts'
import { freePort } from '../../internal/local/system.ts'
import { migrate } from '../../internal/migrate/migrate.ts'
import { storingServices } from '../../internal/services.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { openNats, openPostgres } from './servers.ts'
import { openService } from './service-runner.ts'
import { mountDisk } from './small-disk.ts'
import type { Usage } from './usage.ts'

export type OpenField = Omit<Field, 'products'> & {
  readonly url: string
  readonly jwtSecret: string
}

/** Two of whatever decides or publishes, as docker-compose would scale them. */
const many = [
  'user',
  'inventory',
  'order',
  'order',
  'producer',
  'producer',
  'consumer',
  'consumer',
  'gateway',
]
const manySpares = ['producer', 'consumer']

type Settings = Pick<Usage, 'hasProcesses' | 'seconds' | 'natsNewer'>

/** Servers on a temporary directory, services that reach them through proxies, and all that a fault needs. */
export async function openField(scope: Scope, settings: Settings): Promise<OpenField> {
  const { searchPath, local } = loadConfig()
  const dir = await mkdtemp(path.join(tmpdir(), 'tillstream-chaos-'))
  scope.onClose('temporary directory', () => rm(dir, { recursive: true, force: true }))
  await chmod(dir, 0o755) // PostgreSQL may run as another user
  scope.onClose("PostgreSQL's data", () => removePostgres(dir))
  const skipped = new Map<FaultKind, string>()
  const newer = settings.natsNewer
  if (newer === undefined) skipped.set('nats-newer', 'no other nats-server was named by --nats-newer')

  const postgresDir = (await postgresHome(dir)).dir
  const postgresDisk = path.join(postgresDir, 'small')
  const natsDir = path.join(dir, 'nats')
  const small = (kind: FaultKind, at: string, megabytes: number, like: string) =>
    mountDisk(scope, at, megabytes * 1_048_576, like).catch((err: unknown) => {
      skipped.set(kind, `a small disk cannot be mounted: ${firstLine(err)}`)
      return undefined
    })
  const storeMegabytes = 400 + 10 * settings.seconds
  const disks = {
    postgres: await small('postgres-disk-full', postgresDisk, 128 + settings.seconds, postgresDir),
    nats: await small('nats-disk-full', path.join(natsDir, 'jetstream'), storeMegabytes, dir),
  }
  const postgres = await openPostgres(scope, dir)
  await prepareDatabase(postgres.url, disks.postgres, postgresDisk)
  const nats = await openNats(scope, { dir: natsDir, configured: local.natsServerBin, searchPath, newer })
  await nats.start()
  const lines = {
    postgres: await openLine(scope, postgres.port),
    nats: await openLine(scope, nats.port),
  }
  const port = await freePort()
  const jwtSecret = randomBytes(32).toString('base64url')
  const env = {
    PATH: searchPath,
    HOME: homedir(),
    TMPDIR: tmpdir(),
    DOTENV_CONFIG_PATH: devNull,
    DATABASE_URL: through(lines.postgres, postgres.url),
    NATS_URL: through(lines.nats, nats.url),
    JWT_SECRET: jwtSecret,
    RATE_LIMIT_PER_MINUTE: '100000000',
    BCRYPT_COST: '4',
    STATEMENT_TIMEOUT_MS: '5000',
    // nats-server promises its streams three quarters of the disk together.
    STREAM_MAX_BYTES: String(Math.floor((storeMegabytes * 1_048_576 * 0.7) / 4)),
    SCRUB_INTERVAL_SECONDS: '10',
    SCRUB_MESSAGES_PER_SECOND: '20000',
    TOKEN_LIFETIME_SECONDS: '86400',
    LOG_LEVEL: 'info',
  }
  const services = await openServices(scope, dir, env, settings.hasProcesses ? many : ['stack'], 1, port)
  const spares = await openServices(scope, dir, env, settings.hasProcesses ? manySpares : ['stack'], 3, 0)
  await Promise.all(services.map((service) => service.start()))
  const common = { databaseUrl: postgres.url, natsUrl: nats.url, postgres, nats, disks, lines, dir, skipped }
  return { ...common, services, spares, url: `http://127.0.0.1:${port}`, jwtSecret }
}

/** On the small disk, if there is one, lie the orders: what grows with each request. */
async function prepareDatabase(url: string, disk: Disk | undefined, dir: string): Promise<void> {
  const urls = Object.fromEntries(storingServices.map((service) => [service, url]))
  await migrate({ databases: urls, prismaDir: path.resolve('prisma') })
  if (!disk) return
  await withClient(url, async (client) => {
    await client.query(`create tablespace small location '${dir.replaceAll("'", "''")}'`)
    for (const table of ['orders', 'order_lines'])
      await client.query(`alter table orders.${table} set tablespace small`)
  })
}

async function openLine(scope: Scope, target: number): Promise<TcpProxy> {
  const line = await startTcpProxy(target)
  scope.onClose('proxy', line.close)
  return line
}

function through(line: TcpProxy, address: string): string {
  const url = new URL(address)
  url.port = String(line.port)
  return url.href
}

/** All have the same port in their settings: only the gateway and the stack listen on one. */
async function openServices(
  scope: Scope,
  dir: string,
  env: Readonly<Record<string, string>>,
  names: readonly string[],
  firstNumber: number,
  port: number,
): Promise<readonly Service[]> {
  return Promise.all(
    names.map(async (service, index) => {
      const number = firstNumber + names.slice(0, index).filter((other) => other === service).length
      const name = `${service}-${number}`
      const dataDir = path.join(dir, name)
      await mkdir(dataDir, { recursive: true })
      const own = { ...env, PORT: String(port), DATA_DIR: dataDir }
      const opened = await openService({ name, service, dir, env: own })
      scope.onClose(name, () => opened.end('SIGKILL'))
      return opened
    }),
  )
}

const firstLine = (err: unknown): string =>
  String(err instanceof Error ? err.message : err).split('\n')[0] ?? ''
