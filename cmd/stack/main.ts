import { randomBytes } from 'node:crypto'
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Config } from '../../internal/config/config.ts'
import type { StackFile } from '../../internal/config/stack-file.ts'
import { openLocalServers, type LocalServers } from '../../internal/local/local-servers.ts'
import { SetupError } from '../../internal/local/setup-error.ts'
import { migrate } from '../../internal/migrate/migrate.ts'
import { makeRoles } from '../../internal/migrate/roles.ts'
import { brokerUsers, subscriberName } from '../../internal/platform/broker-users.ts'
import { natsAccessOf } from '../../internal/platform/common-settings.ts'
import { createLog } from '../../internal/platform/log.ts'
import { urlOf } from '../../internal/platform/nats-access.ts'
import { connectNats } from '../../internal/platform/nats.ts'
import { run, type Scope } from '../../internal/platform/run.ts'
import { services } from '../../internal/services.ts'
import { defaultAdmin } from '../../internal/user/domain/known-accounts.ts'
import { openServices } from '../open-services.ts'
import { configOrExit, explain } from '../run-service.ts'
import { banner } from './banner.ts'
import { seedDemo } from './demo.ts'
import { startIdentityProvider } from './identity-provider.ts'
import { startInbox } from './inbox.ts'
import { sandboxAccount, startSandbox, tellSandbox } from './payment-sandbox.ts'
import { hasDefaultAdmin, requireOwnAdmin } from './own-admin.ts'
import { step } from './step.ts'

const config = configOrExit()
const { logLevel } = config.common
const log = createLog('tillstream', logLevel === 'default' ? 'warn' : logLevel)
await run(log, startStack, {
  explain: (err) => (err instanceof SetupError ? err.message : explain(err)),
})

/** Starts the servers, the migrations, all services and the demo shop, and then prints where to find them. */
async function startStack(scope: Scope): Promise<void> {
  requireOwnAdmin(config)
  const { common, local, searchPath } = config
  const { databaseUrl, natsUrl } = common
  const where = { ...local, cacheDir: '.cache', searchPath, databaseUrl, natsUrl }
  const servers = await openLocalServers(scope, { ...where, brokerUsers: brokerUsers(services) }, step)
  const paymentSandboxUrl = await startSandbox(scope, config)
  const inbox = await startInbox(scope, config)
  const identityProvider = await startIdentityProvider(scope, config)
  const identityProviderUrl = identityProvider?.url
  const completed = await complete(config, servers, { paymentSandboxUrl, smtpUrl: inbox?.smtpUrl })
  const settings = completed.with(identityProvider?.settings ?? {})
  const asRole = await step('migrating', async () => {
    await migrate({ databases: settings.databases, prismaDir: path.resolve('prisma') })
    return makeRoles(settings.databases)
  })
  const open = await step('starting the services', async () => {
    const nats = await connectNats(scope, log, natsAccessOf(settings.common), 'tillstream', {
      mustBeClosed: config.isProduction,
    })
    return openServices(scope, { config: settings, log, nats, asRole }, services, { isServing: false })
  })
  const wanted = {
    products: local.seedDemo,
    customer: local.seedDemo && hasDefaultAdmin(settings),
    currency: String(settings.services.pricing?.currency),
  }
  const seed = () => seedDemo(open, wanted)
  const demo = await (local.seedDemo ? step('seeding the demo shop', seed) : seed())
  const url = publicUrl(open.url)
  const operationsUrl = publicUrl(open.operationsUrl)
  const subscriberUrl = servers.natsUrlOf?.(subscriberName)
  if (paymentSandboxUrl !== undefined && config.sandbox.sandboxWebhookUrl === '')
    await tellSandbox(paymentSandboxUrl, url)
  const urls = {
    url,
    operationsUrl,
    subscriberUrl,
    paymentSandboxUrl,
    inboxUrl: inbox?.url,
    identityProviderUrl,
    grpc: open.grpc,
  }
  await tellTools(scope, settings, urls)
  process.stdout.write(`\n${banner(urls, config, demo, await hasPages(settings))}`)
}

/** Its pages are there unless they could not be built. */
async function hasPages({ services }: Config): Promise<boolean> {
  const page = path.join(String(services.gateway?.webDir), 'shop', 'index.html')
  return access(page).then(
    () => true,
    () => false,
  )
}

/** Replaces the loopback address by the name that people type. */
function publicUrl(listening: string): string {
  return listening.replace('//127.0.0.1:', '//localhost:')
}

/** Adds to the settings what this stack has chosen by itself. */
async function complete(
  given: Config,
  { databaseUrl, natsUrl, nats }: LocalServers,
  { paymentSandboxUrl, smtpUrl }: Record<'paymentSandboxUrl' | 'smtpUrl', string | undefined>,
): Promise<Config> {
  const { user, gateway, inventory, notification } = given.services
  return given.with({
    DATABASE_URL: databaseUrl,
    NATS_URL: natsUrl,
    ...(nats ? { NATS_USER: '', NATS_PASSWORD: '', NATS_CREDS: '', NATS_NKEY: '', NATS_CA: '' } : {}), // for another broker
    ...(inventory?.imagesDir === '' ? { IMAGES_DIR: path.resolve(given.local.dataDir, 'images') } : {}),
    ...(user?.adminPassword === '' ? { ADMIN_PASSWORD: defaultAdmin.password } : {}),
    ...(paymentSandboxUrl === undefined ? {} : sandboxAccount(given, paymentSandboxUrl)),
    ...(smtpUrl === undefined ? {} : { SMTP_URL: smtpUrl }),
    ...(given.isExposed ? {} : { WEBHOOKS_ALLOW_PRIVATE: 'true' }),
    // The links of mails lead to the pages of the shop.
    ...(notification?.shopUrl === '' && notification.publicUrl === '' && gateway?.port !== 0
      ? { SHOP_URL: `http://localhost:${String(gateway?.port)}/shop` }
      : {}),
    ...(gateway?.jwtSecret === '' ? { JWT_SECRET: await keptSecret(given.local.dataDir, 'jwt-secret') } : {}),
    ...(user?.secondFactorSecret === ''
      ? { SECOND_FACTOR_SECRET: await keptSecret(given.local.dataDir, 'second-factor-secret') }
      : {}),
  })
}

/** A secret is kept in a file, so that what was made with it stays valid after a restart. */
async function keptSecret(dataDir: string, name: string): Promise<string> {
  const file = path.join(dataDir, name)
  const kept = await readFile(file, 'utf8').catch(() => '')
  if (kept) return kept
  const secret = randomBytes(32).toString('base64url')
  await mkdir(dataDir, { recursive: true })
  await writeFile(file, secret, { mode: 0o600 })
  return secret
}

/** Writes stack.json, by which `npm run audit` and other tools find the running stack. */
async function tellTools(
  scope: Scope,
  { local, common, databases, services: settings }: Config,
  urls: Omit<StackFile, 'databaseUrl' | 'databases' | 'natsUrl' | 'imagesDir'>,
): Promise<void> {
  const { databaseUrl } = common
  const natsUrl = urlOf(natsAccessOf(common))
  const imagesDir = String(settings.inventory?.imagesDir)
  const told: StackFile = { databaseUrl, databases, natsUrl, imagesDir, ...urls }
  const file = path.join(local.dataDir, 'stack.json')
  await mkdir(local.dataDir, { recursive: true })
  await writeFile(file, JSON.stringify(told), { mode: 0o600 })
  scope.onClose('stack.json', () => rm(file, { force: true }))
}
