import { isIP } from 'node:net'

/** Settings that are wrong: one line for each variable. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
  }
}

type Range = { readonly min: number; readonly max: number }

/** An empty variable counts as absent, as in a compose file's `${NAME:-}`. */
export type Read = {
  readonly text: (name: string, fallback: string) => string
  readonly integer: (name: string, fallback: number, range: Range) => number
  readonly oneOf: <Choice extends string>(
    name: string,
    choices: readonly Choice[],
    fallback: Choice,
  ) => Choice
  readonly url: (name: string, protocols: readonly string[], fallback: string) => string
  /** One or several, separated by commas, as they are written. */
  readonly urls: (name: string, protocols: readonly string[], fallback: string) => string
  readonly currency: (name: string, fallback: string) => string
  readonly secret: (name: string, limit: { readonly minBytes: number }) => string
  readonly list: (name: string) => readonly string[]
  /** Addresses and networks, also by their usual names. */
  readonly networks: (name: string) => readonly string[]
  /** `name:n,name:n`: positive numbers by one of the names. */
  readonly counts: <Name extends string>(name: string, names: readonly Name[]) => ReadonlyMap<Name, number>
  readonly forbidden: (name: string, isForbidden: boolean, why: string) => void
}

/** Gathers the problems of all variables, so that they can be mended in one go. */
export function readSettings<Settings>(env: NodeJS.ProcessEnv, readAll: (read: Read) => Settings): Settings {
  const problems: string[] = []
  const settings = readAll(reader(env, (problem) => void problems.push(problem)))
  if (problems.length > 0) throw new ConfigError(problems)
  return settings
}

function reader(env: NodeJS.ProcessEnv, complain: (problem: string) => void): Read {
  const raw = (name: string): string => env[name]?.trim() ?? ''
  /** The value as it is written never appears: it may be a secret. */
  const checked = <Value>(
    name: string,
    fallback: Value,
    expected: string,
    parse: (text: string) => Value | undefined,
  ): Value => {
    const text = raw(name)
    if (text === '') return fallback
    const value = parse(text)
    if (value === undefined) complain(`${name} must be ${expected}`)
    return value ?? fallback
  }
  return {
    text: (name, fallback) => raw(name) || fallback,
    integer: (name, fallback, { min, max }) =>
      checked(name, fallback, `a whole number from ${min} to ${max}`, (text) => {
        const value = /^\d+$/.test(text) ? Number(text) : NaN
        return value >= min && value <= max ? value : undefined
      }),
    oneOf: (name, choices, fallback) =>
      checked(name, fallback, `one of ${choices.join(', ')}`, (text) =>
        choices.find((choice) => choice === text),
      ),
    url: (name, protocols, fallback) =>
      checked(name, fallback, `a URL that begins with ${anyOf(protocols)}`, urlWith(protocols)),
    urls: (name, protocols, fallback) =>
      checked(name, fallback, `URLs, with commas between, of ${anyOf(protocols)}`, urlsWith(protocols)),
    currency: (name, fallback) =>
      checked(name, fallback, 'a currency of ISO 4217, such as USD', (text) =>
        Intl.supportedValuesOf('currency').includes(text) ? text : undefined,
      ),
    secret: (name, { minBytes }) =>
      checked(name, '', `at least ${minBytes} bytes long`, (text) =>
        Buffer.byteLength(text) >= minBytes ? text : undefined,
      ),
    list: (name) => items(raw(name)),
    networks: (name) =>
      checked<readonly string[]>(
        name,
        [],
        'addresses or networks separated by commas, such as 10.0.0.0/8, loopback or uniquelocal',
        (text) => (items(text).every(isNetwork) ? items(text) : undefined),
      ),
    counts: (name, names) =>
      checked<ReadonlyMap<(typeof names)[number], number>>(
        name,
        new Map(),
        `a list such as ${names[0]}:1 of ${names.join(', ')}`,
        (text) => countsOf(items(text), names),
      ),
    forbidden(name, isForbidden, why) {
      if (isForbidden && raw(name) !== '') complain(`${name} must not be set: ${why}`)
    },
  }
}

const items = (text: string): readonly string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

function isNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  const [address = '', bits, ...more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

function countsOf<Name extends string>(
  points: readonly string[],
  names: readonly Name[],
): ReadonlyMap<Name, number> | undefined {
  const counts = new Map<Name, number>()
  for (const item of points) {
    const [, word, digits] = /^([a-z-]+):([1-9]\d{0,8})$/.exec(item) ?? []
    const name = names.find((known) => known === word)
    if (name === undefined) return undefined
    counts.set(name, Number(digits))
  }
  return counts
}

const anyOf = (protocols: readonly string[]): string => `${protocols.join('// or ')}//`

const urlWith =
  (protocols: readonly string[]) =>
  (text: string): string | undefined =>
    URL.canParse(text) && protocols.includes(new URL(text).protocol) ? text : undefined

const urlsWith =
  (protocols: readonly string[]) =>
  (text: string): string | undefined =>
    items(text).every(urlWith(protocols)) ? text : undefined
