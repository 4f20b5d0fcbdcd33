import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { loadConfig } from '../../internal/config/config.ts'
import { readStackFile } from '../../internal/config/stack-file.ts'
import { openLocalServers } from '../../internal/local/local-servers.ts'
import { findNatsServer } from '../../internal/local/nats-binary.ts'
import { silently } from '../../internal/local/setup-error.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { brokerUsers } from '../../internal/platform/broker-users.ts'
import { spawnProcess, type SpawnedProcess } from '../../internal/platform/testing/spawned-process.ts'
import { services } from '../../internal/services.ts'
import {
  commonSettings,
  manyProcesses,
  oneProcess,
  settingsToHear,
  settingsToMeasure,
  type Constellation,
  type Settings,
} from './constellation.ts'
import { withClient } from './database.ts'
import { readProcesses } from './process-table.ts'
import { migrateAll, temporaryHome } from './temporary-home.ts'

/** Running services and the ids of their processes. */
export type RunningShop = {
  readonly url: string
  readonly databaseUrl: string
  readonly natsUrl: string
  readonly jwtSecret: string
  readonly node: readonly number[]
  /** Undefined when PostgreSQL is not on this machine. */
  readonly postgres: number | undefined
  readonly nats: number | undefined
  /** The payment sandbox, where there is one. */
  readonly sandbox: number | undefined
}

/** Starts a shop with full durability: PostgreSQL and JetStream store to the disk with their defaults. */
export type RunShop = (scope: Scope, nodeOptions: readonly string[]) => Promise<RunningShop>

/** Runs all services in one process, as `npm start` does. */
export const runStack: RunShop = async (scope, nodeOptions) => {
  const { env, dataDir, jwtSecret } = await prepare(scope)
  const flags = [...(await startFlags()), ...nodeOptions]
  const { url, node } = await startAll(scope, oneProcess, () => env, flags)
  const file = await readStackFile(dataDir)
  if (!file) throw new Error(`the stack has not written ${dataDir}/stack.json`)
  const { databaseUrl, natsUrl } = file
  const sandbox = await pidOf(file.paymentSandboxUrl)
  return describe({ url, databaseUrl, natsUrl, jwtSecret, node, sandbox }, dataDir)
}

/** Who answers there, as a program of the local stack tells by its own health. */
async function pidOf(url: string | undefined): Promise<number | undefined> {
  if (url === undefined) return undefined
  const { pid } = (await (await fetch(`${url}/healthz`)).json()) as { readonly pid: number }
  return pid
}

/** The flags that `npm start` gives to Node. */
async function startFlags(): Promise<readonly string[]> {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: { start: string } }
  return scripts.start.split(' ').filter((word) => word.startsWith('--'))
}

/** Runs a process for each service. */
export const runProcesses: RunShop = async (scope, nodeOptions) => {
  const { env, dataDir, jwtSecret, searchPath, natsServerBin } = await prepare(scope)
  const local = { dataDir, cacheDir: '.cache', searchPath, natsServerBin, brokerUsers: brokerUsers(services) }
  const { databaseUrl, natsUrl, natsUrlOf } = await openLocalServers(scope, local, silently)
  await migrateAll(databaseUrl)
  const common = { ...env, ...settingsToHear, DATABASE_URL: databaseUrl }
  const own = (program: string): Settings => ({ ...common, NATS_URL: natsUrlOf?.(program) ?? natsUrl })
  const { url, node } = await startAll(scope, manyProcesses(), own, nodeOptions)
  return describe({ url, databaseUrl, natsUrl, jwtSecret, node, sandbox: undefined }, dataDir)
}

async function prepare(scope: Scope) {
  const { searchPath, local } = loadConfig()
  const dataDir = await temporaryHome(scope, 'tools')
  const nats = await findNatsServer({ configured: local.natsServerBin, searchPath, cacheDir: '.cache' })
  const jwtSecret = randomBytes(32).toString('base64url')
  const env = {
    ...commonSettings(searchPath, jwtSecret),
    ...settingsToMeasure,
    NATS_SERVER_BIN: nats.file,
    DATA_DIR: dataDir,
  }
  return { env, dataDir, jwtSecret, searchPath, natsServerBin: nats.file }
}

/** Enough for the first start, which creates a database cluster, on a busy machine. */
const upWithinMs = 600_000
/** How much of each process's output is kept for the message about a process that has ended. */
const keptOutput = 20_000

/** Starts all members as compiled code and waits until all are ready. Returns the URL that one of them has printed. */
async function startAll(
  scope: Scope,
  constellation: Constellation,
  envOf: (program: string) => Settings,
  nodeOptions: readonly string[],
): Promise<{ readonly url: string; readonly node: readonly number[] }> {
  const started = constellation.flatMap(({ program, replicas, up }) =>
    Array.from({ length: replicas }, () => {
      const args = [...nodeOptions, `dist/cmd/${program}/main.js`]
      return {
        up,
        process: supervise(scope, program, spawnProcess(program, args, { env: envOf(program), keptOutput })),
      }
    }),
  )
  const told = await Promise.all(started.map(({ up, process }) => process.says(up, upWithinMs)))
  const url = told.map(([, group]) => group).find((group) => group !== undefined) ?? ''
  return { url, node: started.map(({ process }) => process.pid) }
}

/** Ends the process with the scope. If it ends by itself, the scope fails. */
function supervise(scope: Scope, name: string, child: SpawnedProcess): SpawnedProcess {
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
