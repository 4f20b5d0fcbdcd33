import { config as loadDotenv } from 'dotenv'
import type { Setting, Settings, ValuesOf } from '../platform/settings.ts'

/** Settings that are wrong: one line for each variable. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super([...new Set(problems)].join('\n'))
    this.name = 'ConfigError'
  }
}

export type Env = Readonly<Record<string, string | undefined>>

export type Reader = <Declared extends Settings>(declared: Declared) => ValuesOf<Declared>

/** The environment, with the lines of `.env` that it does not have. */
export function environment(): Env {
  loadDotenv({ quiet: true })
  return process.env
}

/** A few settings, for a program that is not to load what the others belong to. */
export const readEnvironment = <Declared extends Settings>(declared: Declared): ValuesOf<Declared> =>
  readSettings(environment(), (read) => read(declared))

/** Gathers the problems of all variables, so that they can be mended in one go. Throws one ConfigError. */
export function readSettings<Read>(env: Env, readAll: (read: Reader) => Read): Read {
  const problems: string[] = []
  const read: Reader = (declared) => {
    const values = Object.entries(declared).map(([name, setting]) => [name, valueOf(setting, env, problems)])
    return Object.fromEntries(values) as ValuesOf<typeof declared> // the same names, each with its own type
  }
  const settings = readAll(read)
  if (problems.length > 0) throw new ConfigError(problems)
  return settings
}

/** An empty variable counts as absent, as in a compose file's `${NAME:-}`. A value never appears in a problem: it may be a secret. */
function valueOf<Value>(setting: Setting<Value>, env: Env, problems: string[]): Value {
  const { variable, fallback, expected, parse, notInProduction } = setting
  const written = env[variable]?.trim() ?? ''
  if (written === '') return fallback
  if (notInProduction !== '' && env.NODE_ENV?.trim() === 'production') {
    problems.push(`${variable} must not be set: ${notInProduction}`)
  }
  const value = parse(written)
  if (value === undefined) problems.push(`${variable} must be ${expected}`)
  return value ?? fallback
}
