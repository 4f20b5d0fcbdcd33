/** The command line is wrong. The message tells how. */
export class UsageError extends Error {}

/** An option of a command line, and how its text is read. */
export type Option<Value> = {
  /** What the help shows behind the name, such as N or DIR. Undefined when the option takes no value. */
  readonly takes: string | undefined
  readonly help: string
  /** The value when the option is not given. */
  readonly otherwise: Value
  /** Reads the value or throws a UsageError. `name` includes the dashes. */
  readonly read: (text: string, name: string) => Value
}

type Whole<Otherwise> = {
  readonly from: number
  readonly to: number
  /** Undefined when the tool has to know whether the option was given. */
  readonly otherwise: Otherwise
  /** The default that the help shows when `otherwise` is undefined. */
  readonly usual?: number
  readonly help: string
}

export function whole<Otherwise extends number | undefined>(
  range: Whole<Otherwise>,
): Option<number | Otherwise> {
  const { from, to, otherwise, help } = range
  const usual = otherwise ?? range.usual
  return {
    takes: 'N',
    help: `${help} (${from} to ${to}${usual === undefined ? '' : `; ${usual} by default`})`,
    otherwise,
    read: (given, name) => wholeNumber(given, name, from, to),
  }
}

/** Signs, fractions, exponents and spaces are refused, because a misread number would be worse than an error. */
export function wholeNumber(given: string, name: string, from: number, to: number): number {
  const value = /^\d{1,15}$/.test(given) ? Number(given) : NaN
  if (value >= from && value <= to) return value
  throw new UsageError(`${name} must be a whole number from ${from} to ${to}`)
}

/** Any text, such as the name of a file. */
export const text = (takes: string, help: string): Option<string | undefined> => ({
  takes,
  help,
  otherwise: undefined,
  read: (given) => given,
})

/** An option without a value, which is given or not. */
export const flag = (help: string): Option<boolean> => ({
  takes: undefined,
  help,
  otherwise: false,
  read: () => true,
})

/** A list such as a,b of names of one `kind`. The result has them in the order of `all`. */
export const someOf = <Name extends string>(
  kind: string,
  all: readonly Name[],
  help: string,
): Option<readonly Name[]> => ({
  takes: 'A,B,…',
  help,
  otherwise: all,
  read(given, name) {
    const names = given.split(',').map((one) => one.trim())
    const unknown = names.filter((one) => !all.some((known) => known === one))
    if (unknown.length === 0) return all.filter((known) => names.includes(known))
    throw new UsageError(`${name}: there is no ${kind} ${unknown.join(', ')}; there are ${all.join(', ')}`)
  },
})

/** The URL of a shop. A slash at its end is removed. */
export const httpUrl = (help: string): Option<string | undefined> => ({
  takes: 'URL',
  help,
  otherwise: undefined,
  read(given, name) {
    if (/^https?:/.test(given) && URL.canParse(given)) return given.replace(/\/+$/, '')
    throw new UsageError(`${name} must be an http URL`)
  },
})

const mostSeeds = 1_000

/** A range such as 1..20, both ends included. */
export const seedRange = (help: string): Option<readonly number[] | undefined> => ({
  takes: 'FROM..TO',
  help,
  otherwise: undefined,
  read(given, name) {
    const [, from, to] = /^(\d{1,9})\.\.(\d{1,9})$/.exec(given) ?? []
    const count = Number(to) - Number(from) + 1
    if (count >= 1 && count <= mostSeeds)
      return Array.from({ length: count }, (_, index) => Number(from) + index)
    throw new UsageError(`${name} must be a range such as 1..20, of at most ${mostSeeds} seeds`)
  },
})
