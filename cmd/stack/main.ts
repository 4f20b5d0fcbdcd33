import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Config } from '../../internal/config/config.ts'
import { openLocalServers } from '../../internal/local/local-servers.ts'
import { SetupError } from '../../internal/local/setup-error.ts'
import { migrate } from '../../internal/migrate/migrate.ts'
import { createLog } from '../../internal/platform/log.ts'
import { run, type Scope } from '../../internal/platform/run.ts'
import { configOrExit, explain } from '../service-process.ts'
import { banner } from './banner.ts'
import { demoAdminPassword, seedDemo } from './demo.ts'
import { openServices } from './open-services.ts'
import { step } from './step.ts'

const config = configOrExit()
const log = createLog('tillstream', config.logLevel === 'default' ? 'warn' : config.logLevel)
await run(log, startStack, {
  explain: (err) => (err instanceof SetupError ? err.message : explain(err)),
})

/** Servers, schemas, demo data and all services; then it says where. */
async function startStack(scope: Scope): Promise<void> {
  const servers = await openLocalServers(
    scope,
    {
      dataDir: config.dataDir,
      cacheDir: '.cache',
      searchPath: config.searchPath,
      databaseUrl: config.databaseUrl,
      natsUrl: config.natsUrl,
      natsServerBin: config.natsServerBin,
    },
    step,
  )
  const settings = await complete(config, servers)
  await step('migrating', () => migrate({ databases: settings.databases, prismaDir: path.resolve('prisma') }))
  const services = await step('starting the services', () => openServices(scope, log, settings))
  const demo = await step('seeding the demo shop', () => seedDemo(services, settings))
  const url = publicUrl(services.url)
  await tellTools(scope, settings, url)
  process.stdout.write(`\n${banner(url, settings, demo)}`)
}

/** Loopback by the name that people type. */
function publicUrl(listening: string): string {
  return listening.replace('//127.0.0.1:', '//localhost:')
}

/** The settings with what this stack has chosen by itself. */
async function complete(given: Config, servers: { databaseUrl: string; natsUrl: string }): Promise<Config> {
  const databases = Object.entries(given.databases).map(([service, url]) => [
    service,
    url || servers.databaseUrl,
  ])
  return {
    ...given,
    ...servers,
    databases: Object.fromEntries(databases) as Config['databases'], // the same keys
    adminPassword: given.adminPassword || demoAdminPassword,
    jwtSecret: given.jwtSecret || (await keptSecret(given.dataDir)),
  }
}

/** Tokens stay valid over a restart. */
async function keptSecret(dataDir: string): Promise<string> {
  const file = path.join(dataDir, 'jwt-secret')
  const kept = await readFile(file, 'utf8').catch(() => '')
  if (kept) return kept
  const secret = randomBytes(32).toString('base64url')
  await mkdir(dataDir, { recursive: true })
  await writeFile(file, secret, { mode: 0o600 })
  return secret
}

/** `npm run audit` and the like find the running stack here. */
async function tellTools(
  scope: Scope,
  { dataDir, databaseUrl, natsUrl }: Config,
  url: string,
): Promise<void> {
  const file = path.join(dataDir, 'stack.json')
  await mkdir(dataDir, { recursive: true })
  await writeFile(file, JSON.stringify({ databaseUrl, natsUrl, url }), { mode: 0o600 })
  scope.onClose('stack.json', () => rm(file, { force: true }))
}
