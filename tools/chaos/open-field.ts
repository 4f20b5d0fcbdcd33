import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { loadConfig } from '../../internal/config/config.ts'
import { withClient } from '../shared/database.ts'
import { messageKinds, type FaultKind } from './fault-kinds.ts'
import type { Disk, Field, Service } from './field.ts'
import { startTcpProxy, type TcpProxy } from '../../internal/platform/testing/tcp-proxy.ts'
import { postgresHome } from '../../internal/local/postgres-home.ts'
import { freePort } from '../../internal/local/system.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { openMessages, settingsToTell } from './messages/open-messages.ts'
import { accountAt, openProvider } from './provider-runner.ts'
import { openNats, openPostgres } from './servers.ts'
import { openService } from './service-runner.ts'
import { mountDisk } from './small-disk.ts'
import {
  commonSettings,
  oneProcess,
  settingsToBreak,
  sparesOf,
  twoOfTheBusy,
  type Constellation,
  type Member,
  type Settings,
} from '../shared/constellation.ts'
import { migrateAll, temporaryHome } from '../shared/temporary-home.ts'
import type { Usage } from './usage.ts'

export type OpenField = Omit<Field, 'products'> & {
  readonly url: string
  readonly jwtSecret: string
}

type Wanted = Pick<Usage, 'hasProcesses' | 'isAtMollie' | 'hasMessages' | 'seconds' | 'natsNewer'>

/** Starts servers on a temporary directory, services that reach them through proxies, and whatever else faults need. */
export async function openField(scope: Scope, wanted: Wanted, seed: number): Promise<OpenField> {
  const { searchPath, local } = loadConfig()
  const dir = await temporaryHome(scope, 'chaos')
  const skipped = new Map<FaultKind, string>()
  const newer = wanted.natsNewer
  if (newer === undefined) skipped.set('nats-newer', 'no other nats-server was named by --nats-newer')

  const postgresDir = (await postgresHome(dir)).dir
  const postgresDisk = path.join(postgresDir, 'small')
  const natsDir = path.join(dir, 'nats')
  const small = (kind: FaultKind, at: string, megabytes: number, like: string) =>
    mountDisk(scope, at, megabytes * 1_048_576, like).catch((err: unknown) => {
      skipped.set(kind, `a small disk cannot be mounted: ${firstLine(err)}`)
      return undefined
    })
  const storeMegabytes = 900 + 24 * wanted.seconds
  const disks = {
    postgres: await small('postgres-disk-full', postgresDisk, 128 + wanted.seconds, postgresDir),
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
  const url = `http://127.0.0.1:${port}`
  const webhookUrl = `${url}/webhooks/stripe`
  const provider = await openProvider(scope, { dir, searchPath, seed, webhookUrl })
  const messages = wanted.hasMessages ? await openMessages(scope, { dir, searchPath, seed }) : undefined
  if (!messages) for (const kind of messageKinds) skipped.set(kind, 'nobody gets messages without --messages')
  const jwtSecret = randomBytes(32).toString('base64url')
  const env = {
    ...commonSettings(searchPath, jwtSecret),
    ...settingsToBreak(storeMegabytes * 1_048_576),
    ...accountAt(provider.url, url, wanted.isAtMollie),
    ...(messages ? settingsToTell(messages) : {}),
    DATABASE_URL: through(lines.postgres, postgres.url),
    NATS_URL: through(lines.nats, nats.url),
  }
  const constellation = wanted.hasProcesses ? twoOfTheBusy : oneProcess
  const services = await openServices(scope, dir, env, instancesOf(constellation, port))
  const spares = await openServices(scope, dir, env, sparesOf(constellation).map(spareOf))
  await Promise.all(services.map((service) => service.start()))
  const urls = { databaseUrl: postgres.url, natsUrl: nats.url }
  const common = { ...urls, postgres, nats, provider, messages, disks, lines, dir, skipped }
  return { ...common, services, spares, url, jwtSecret }
}

/** If there is a small disk, the tables of orders are stored on it, because they grow with each request. */
async function prepareDatabase(url: string, disk: Disk | undefined, dir: string): Promise<void> {
  await migrateAll(url)
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

type Instance = { readonly member: Member; readonly number: number; readonly port: number }

/** All instances have the same port in their settings, because only the gateway or the stack listens on it. */
const instancesOf = (constellation: Constellation, port: number): readonly Instance[] =>
  constellation.flatMap((member) =>
    Array.from({ length: member.replicas }, (_, index) => ({ member, number: index + 1, port })),
  )

/** One more replica with a port of its own. */
const spareOf = (member: Member): Instance => ({ member, number: 3, port: 0 })

async function openServices(
  scope: Scope,
  dir: string,
  env: Settings,
  instances: readonly Instance[],
): Promise<readonly Service[]> {
  return Promise.all(
    instances.map(async ({ member, number, port }) => {
      const name = `${member.program}-${number}`
      const dataDir = path.join(dir, name)
      await mkdir(dataDir, { recursive: true })
      const own = { ...env, PORT: String(port), DATA_DIR: dataDir }
      const opened = await openService({ name, member, dir, env: own })
      scope.onClose(name, () => opened.end('SIGKILL'))
      return opened
    }),
  )
}

const firstLine = (err: unknown): string =>
  String(err instanceof Error ? err.message : err).split('\n')[0] ?? ''
