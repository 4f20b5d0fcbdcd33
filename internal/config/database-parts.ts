import { commonSettings } from '../platform/common-settings.ts'
import type { ValuesOf } from '../platform/settings.ts'
import type { Env } from './read-settings.ts'

type Common = ValuesOf<typeof commonSettings>

const host = commonSettings.dbHost.variable
const { dbPort, dbUser, dbPassword, dbName } = commonSettings
const others = { dbPort, dbUser, dbPassword, dbName }

/** DATABASE_URL, or the URL of the parts that are set instead. */
export function databaseUrlOf(common: Common, env: Env, refuse: (problem: string) => void): string {
  if (!isSet(env, host)) {
    // A default says nothing: a copy of .env.example has them all.
    const given = Object.entries(others)
      .filter(([name, { fallback }]) => common[name as keyof typeof others] !== fallback)
      .map(([, { variable }]) => variable)
    const verb = given.length > 1 ? 'are' : 'is'
    if (given.length > 0) refuse(`${host} must be set, because ${given.join(' and ')} ${verb}`)
    return common.databaseUrl
  }
  if (isSet(env, 'DATABASE_URL')) refuse(`${host} must not be set beside DATABASE_URL: set one of the two`)
  const password = common.dbPassword === '' ? '' : `:${encodeURIComponent(common.dbPassword)}`
  const user = `${encodeURIComponent(common.dbUser)}${password}`
  const address = common.dbHost.includes(':') ? `[${common.dbHost}]` : common.dbHost
  return `postgres://${user}@${address}:${common.dbPort}/${encodeURIComponent(common.dbName)}`
}

/** Settings that are told later replace what the environment says of the same thing in another way. */
export function replaced(env: Env, more: Env): Env {
  const files = Object.keys(more).map((name) => `${name}_FILE`)
  const parts = 'DATABASE_URL' in more ? [host, ...Object.values(others).map(({ variable }) => variable)] : []
  const obsolete = new Set<string>([...files, ...parts.flatMap((name) => [name, `${name}_FILE`])])
  const kept = Object.entries(env).filter(([name]) => !obsolete.has(name))
  return { ...Object.fromEntries(kept), ...more }
}

const isSet = (env: Env, name: string): boolean =>
  [name, `${name}_FILE`].some((variable) => (env[variable]?.trim() ?? '') !== '')
