import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { devNull, homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { loadConfig } from '../../internal/config/config.ts'
import { readStackFile } from '../../internal/config/stack-file.ts'
import { openLocalServers } from '../../internal/local/local-servers.ts'
import { findNatsServer } from '../../internal/local/nats-binary.ts'
import { removePostgres } from '../../internal/local/postgres-home.ts'
import { silently } from '../../internal/local/setup-error.ts'
import { migrate } from '../../internal/migrate/migrate.ts'
import { storingServices as services } from '../../internal/services.ts'
import type { Scope } from '../../internal/platform/run.ts'
import type { RunningShop } from './shop.ts'
import { withClient } from './seed.ts'
import { readProcesses } from './process-table.ts'
import { startChild, type Child } from './child.ts'

/** As durable as it comes: PostgreSQL and JetStream are on the disk, with their defaults for that. */
export type RunShop = (scope: Scope, nodeOptions: readonly string[]) => Promise<RunningShop>

/** What `npm start` does. */
export const runStack: RunShop = async (scope, nodeOptions) => {
  const { env, dataDir } = await settings(scope)
  const flags = [...(await startFlags()), ...nodeOptions]
  const stack = supervise(scope, 'stack', startChild('stack', env, flags))
  const [, url = ''] = await stack.says(/^ready (\S+)/m)
  const file = await readStackFile(dataDir)
  if (!file) throw new Error(`the stack has not written ${dataDir}/stack.json`)
  const { databaseUrl, natsUrl } = file
  return describe({ url, databaseUrl, natsUrl, jwtSecret: env.JWT_SECRET, node: [stack.pid] }, dataDir)
}

/** Those that `npm start` gives to Node. */
async function startFlags(): Promise<readonly string[]> {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: { start: string } }
  return scripts.start.split(' ').filter((word) => word.startsWith('--'))
}

/** A process for each service, as containers would run them. */
export const runProcesses: RunShop = async (scope, nodeOptions) => {
  const { env, dataDir } = await settings(scope)
  const local = { dataDir, cacheDir: '.cache', searchPath: env.PATH, natsServerBin: env.NATS_SERVER_BIN }
  const { databaseUrl, natsUrl } = await openLocalServers(scope, local, silently)
  const databases = Object.fromEntries(services.map((service) => [service, databaseUrl]))
  await migrate({ databases, prismaDir: path.resolve('prisma') })
  const own = { ...env, DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'info' }
  const children = services.map((name) => supervise(scope, name, startChild(name, own, nodeOptions)))
  await Promise.all(children.map((child) => child.says(/"msg":"started"/)))
  const gateway = supervise(scope, 'gateway', startChild('gateway', own, nodeOptions))
  const [, url = ''] = await gateway.says(/"url":"([^"]+)"/)
  const node = [...children, gateway].map(({ pid }) => pid)
  return describe({ url, databaseUrl, natsUrl, jwtSecret: env.JWT_SECRET, node }, dataDir)
}

/** Nothing of the developer's environment or .env: what is measured is the defaults, but for the limits of rates. */
async function settings(scope: Scope) {
  const { searchPath, local } = loadConfig()
  const dataDir = await mkdtemp(path.join(tmpdir(), 'tillstream-bench-'))
  scope.onClose('temporary directory', async () => {
    await removePostgres(dataDir)
    await rm(dataDir, { recursive: true, force: true })
  })
  await chmod(dataDir, 0o755) // PostgreSQL may run as another user
  const nats = await findNatsServer({ configured: local.natsServerBin, searchPath, cacheDir: '.cache' })
  const env = {
    PATH: searchPath,
    HOME: homedir(),
    TMPDIR: tmpdir(),
    DOTENV_CONFIG_PATH: devNull,
    NATS_SERVER_BIN: nats.file,
    PORT: '0',
    DATA_DIR: dataDir,
    JWT_SECRET: randomBytes(32).toString('base64url'),
    RATE_LIMIT_PER_MINUTE: '100000000',
    LOGIN_LIMIT_PER_MINUTE: '100000000',
    STREAM_MAX_BYTES: String(4 * 1_073_741_824), // a million orders' events
  }
  return { env, dataDir }
}

function supervise(scope: Scope, name: string, child: Child): Child {
  let isClosing = false
  scope.onClose(name, async () => {
    isClosing = true
    await child.stop()
  })
  scope.watch(
    name,
    child.ended.then(() => {
      if (!isClosing) throw new Error(`${name} has ended`)
    }),
  )
  return child
}

async function describe(shop: Omit<RunningShop, 'postgres' | 'nats'>, dataDir: string): Promise<RunningShop> {
  const backend = await withClient(shop.databaseUrl, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    return (await readProcesses()).get(rows[0]?.pid ?? 0)
  })
  const pidFile = await readFile(path.join(dataDir, 'nats', 'nats.pid'), 'utf8').catch(() => '')
  return { ...shop, postgres: backend?.parent, nats: Number(pidFile) || undefined }
}
