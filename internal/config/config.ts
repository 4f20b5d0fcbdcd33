import { commonSettings, natsAccessOf, serviceDatabase } from '../platform/common-settings.ts'
import { isLoopback } from '../platform/host.ts'
import { accessProblems, hasCredentials } from '../platform/nats-access.ts'
import type { Settings, ValuesOf } from '../platform/settings.ts'
import { services } from '../services.ts'
import { databaseUrlOf, replaced } from './database-parts.ts'
import { inboxSettings } from './inbox-settings.ts'
import { localSettings } from './local-settings.ts'
import { sandboxSettings } from './sandbox-settings.ts'
import { environment, readSettings, type Env } from './read-settings.ts'

export { ConfigError } from './read-settings.ts'

/** Everything that can be set, read once. docs/settings.md and `.env.example` name each variable with its default. */
export type Config = {
  readonly common: ValuesOf<typeof commonSettings>
  readonly local: ValuesOf<typeof localSettings>
  readonly sandbox: ValuesOf<typeof sandboxSettings>
  readonly inbox: ValuesOf<typeof inboxSettings>
  /** By the service's name, as its definition declares them. */
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** By the name of each service with a schema; empty where neither its own nor the common one is set. */
  readonly databases: Readonly<Record<string, string>>
  /** Says that defaults which are only good for trying are refused. */
  readonly isProduction: boolean
  /** True in production, and where others than this machine reach the gateway. Nothing that everybody knows is allowed. */
  readonly isExposed: boolean
  /** PATH, to look for programs. */
  readonly searchPath: string
  /** The same settings, but for these variables. */
  readonly with: (more: Env) => Config
}

/** Throws one ConfigError that names every wrong variable and what is expected. */
export function loadConfig(env: Env = environment()): Config {
  return readConfig({ ...env })
}

function readConfig(env: Env): Config {
  return readSettings(env, (read, refuse) => {
    const given = read(commonSettings)
    const common = { ...given, databaseUrl: databaseUrlOf(given, env, refuse) }
    const own = services.map(({ name, settings }) => [name, read(settings)] as const)
    const databases = storing.map(({ name }) => {
      const { url } = read({ url: serviceDatabase(name) })
      return [name, url || common.databaseUrl] as const
    })
    const ofServices = Object.fromEntries(own)
    const isExposed = common.nodeEnv === 'production' || !isLoopback(String(ofServices.gateway?.host))
    for (const { name, contradictions } of services)
      contradictions?.(ofServices[name] ?? {}, { isExposed }).forEach(refuse)
    const isProduction = common.nodeEnv === 'production'
    const access = natsAccessOf(common)
    accessProblems(access).forEach(refuse)
    if ((common.grpcTlsCert === '') !== (common.grpcTlsKey === '')) refuse(halfOfTls)
    if (isProduction && access.url !== '' && !hasCredentials(access)) refuse(openBroker)
    return {
      common,
      local: read(localSettings),
      sandbox: read(sandboxSettings),
      inbox: read(inboxSettings),
      services: ofServices,
      databases: Object.fromEntries(databases),
      isProduction,
      isExposed,
      searchPath: env.PATH ?? '',
      with: (more) => readConfig(replaced(env, more)),
    }
  })
}

const halfOfTls =
  'GRPC_TLS_CERT and GRPC_TLS_KEY must be set together: a certificate is of no use without its key'

const openBroker =
  'NATS_URL must have credentials, in it or as NATS_USER and NATS_PASSWORD, NATS_CREDS or NATS_NKEY: NODE_ENV is production, and whoever reaches an open broker can do what an admin can'

const storing = services.filter(({ schema }) => schema !== undefined)

export type SettingsGroup = { readonly owner: string; readonly settings: Settings }

/** Every setting by its owner, for the documents: common first, then the services in their order, the payment sandbox, the inbox, and `npm start`. */
export function settingsGroups(): readonly SettingsGroup[] {
  const databases = storing.map(({ name }) => [name, serviceDatabase(name)] as const)
  return [
    ...services.map(({ name, settings }) => ({ owner: name, settings })),
    { owner: 'every process', settings: { ...commonSettings, ...Object.fromEntries(databases) } },
    { owner: 'payment sandbox', settings: sandboxSettings },
    { owner: 'inbox', settings: inboxSettings },
    { owner: 'npm start', settings: localSettings },
  ]
}
