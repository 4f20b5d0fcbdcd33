import { commonSettings, natsAccessOf, serviceDatabase } from '../platform/common-settings.ts'
import { accessProblems, hasCredentials } from '../platform/nats-access.ts'
import type { Settings, ValuesOf } from '../platform/settings.ts'
import { services } from '../services.ts'
import { localSettings } from './local-settings.ts'
import { ConfigError, environment, readSettings, type Env } from './read-settings.ts'

export { ConfigError } from './read-settings.ts'

/** Everything that can be set, read once. docs/settings.md and `.env.example` name each variable with its default. */
export type Config = {
  readonly common: ValuesOf<typeof commonSettings>
  readonly local: ValuesOf<typeof localSettings>
  /** By the service's name, as its definition declares them. */
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** By the name of each service with a schema; empty where neither its own nor the common one is set. */
  readonly databases: Readonly<Record<string, string>>
  /** Says that defaults which are only good for trying are refused. */
  readonly isProduction: boolean
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
  const config = readAll(env)
  const access = natsAccessOf(config.common)
  const problems = accessProblems(access)
  if (config.isProduction && access.url !== '' && !hasCredentials(access)) return refuse(openBroker)
  return problems.length > 0 ? refuse(...problems) : config
}

function refuse(...problems: readonly string[]): never {
  throw new ConfigError(problems)
}

const openBroker =
  'NATS_URL must have credentials, in it or as NATS_USER and NATS_PASSWORD, NATS_CREDS or NATS_NKEY: NODE_ENV is production, and whoever reaches an open broker can do what an admin can'

function readAll(env: Env): Config {
  return readSettings(env, (read) => {
    const common = read(commonSettings)
    const own = services.map(({ name, settings }) => [name, read(settings)] as const)
    const databases = storing.map(({ name }) => {
      const { url } = read({ url: serviceDatabase(name) })
      return [name, url || common.databaseUrl] as const
    })
    return {
      common,
      local: read(localSettings),
      services: Object.fromEntries(own),
      databases: Object.fromEntries(databases),
      isProduction: env.NODE_ENV?.trim() === 'production',
      searchPath: env.PATH ?? '',
      with: (more) => readConfig({ ...env, ...more }),
    }
  })
}

const storing = services.filter(({ schema }) => schema !== undefined)

export type SettingsGroup = { readonly owner: string; readonly settings: Settings }

/** Every setting by its owner, for the documents: common first, then the services in their order, then `npm start`. */
export function settingsGroups(): readonly SettingsGroup[] {
  const databases = storing.map(({ name }) => [name, serviceDatabase(name)] as const)
  return [
    ...services.map(({ name, settings }) => ({ owner: name, settings })),
    { owner: 'every process', settings: { ...commonSettings, ...Object.fromEntries(databases) } },
    { owner: 'npm start', settings: localSettings },
  ]
}
