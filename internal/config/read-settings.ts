import { readFileSync } from 'node:fs'
import { config as loadDotenv } from 'dotenv'
import { anyName, namePattern, type Setting, type Settings, type ValuesOf } from '../platform/settings.ts'
import { cutValues } from './dot-env.ts'
import { readSecretFile } from './secret-file.ts'

/** Settings that are wrong: one line for each variable. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super([...new Set(problems)].join('\n'))
    this.name = 'ConfigError'
  }
}

export type Env = Readonly<Record<string, string | undefined>>

export type Reader = <Declared extends Settings>(declared: Declared) => ValuesOf<Declared>

/** The environment, with the lines of `.env` that it does not have. Throws a ConfigError for a line that is cut. */
export function environment(): Env {
  const before = { ...process.env }
  const file = process.env.DOTENV_CONFIG_PATH ?? '.env'
  const { parsed = {} } = loadDotenv({ path: file, quiet: true })
  if (Object.keys(parsed).length === 0) return process.env
  const cut = cutValues(readFileSync(file, 'utf8')).filter((name) => before[name] === undefined)
  if (cut.length === 0) return process.env
  throw new ConfigError(
    cut.map(
      (name) =>
        `${name} must be in single quotes in ${file}: without them its value ends before the #. A comment has a blank before its #`,
    ),
  )
}

/** A few settings, for a program that is not to load what the others belong to. */
export const readEnvironment = <Declared extends Settings>(declared: Declared): ValuesOf<Declared> =>
  readSettings(environment(), (read) => read(declared))

export type Refuse = (problem: string) => void

/** Gathers the problems of all variables, so that they can be mended in one go. Throws one ConfigError. */
export function readSettings<Read>(env: Env, readAll: (read: Reader, refuse: Refuse) => Read): Read {
  const problems: string[] = []
  const refuse: Refuse = (problem) => void problems.push(problem)
  const read: Reader = (declared) => {
    const values = Object.entries(declared).map(([name, setting]) => [name, valueOf(setting, env, refuse)])
    return Object.fromEntries(values) as ValuesOf<typeof declared> // the same names, each with its own type
  }
  const settings = readAll(read, refuse)
  if (problems.length > 0) throw new ConfigError(problems)
  return settings
}

/** A value never appears in a problem: it may be a secret. */
function valueOf<Value>(setting: Setting<Value>, env: Env, refuse: Refuse): Value {
  // What is read of a family are its members' values.
  if (setting.member) return membersOf(setting.member, env, refuse) as Value
  const { variable, fallback, expected, expectedOf, parse, notInProduction } = setting
  const written = textOf(setting, env, refuse)
  if (written === '') return fallback
  if (notInProduction !== '' && env.NODE_ENV?.trim() === 'production') {
    refuse(`${variable} must not be set: ${notInProduction}`)
  }
  const value = parse(written)
  if (value === undefined) refuse(`${variable} must be ${expectedOf?.(written) ?? expected}`)
  return value ?? fallback
}

function membersOf(member: Setting<unknown>, env: Env, refuse: Refuse): ReadonlyMap<string, unknown> {
  const [before = '', after = ''] = member.variable.split(anyName)
  const pattern = new RegExp(`^${before}(${namePattern})${after}${member.isSecret ? '(?:_FILE)?' : ''}$`)
  const names = Object.entries(env).flatMap(([variable, text]) =>
    text === undefined || text.trim() === '' ? [] : (pattern.exec(variable)?.[1] ?? []),
  )
  return new Map(
    [...new Set(names)].sort().map((name) => {
      const variable = `${before}${name}${after}`
      return [name, valueOf({ ...member, variable }, env, refuse)]
    }),
  )
}

/** An empty variable counts as absent, as in a compose file's `${NAME:-}`. */
function textOf({ variable, isSecret }: Setting<unknown>, env: Env, refuse: Refuse): string {
  const written = env[variable]?.trim() ?? ''
  const fileVariable = `${variable}_FILE`
  const file = isSecret ? (env[fileVariable]?.trim() ?? '') : ''
  if (file === '') return written
  if (written !== '') {
    refuse(`${fileVariable} must not be set beside ${variable}: set one of the two`)
    return written
  }
  const found = readSecretFile(file)
  if ('text' in found) return found.text.trim()
  refuse(`${fileVariable} ${found.problem}`)
  return ''
}
