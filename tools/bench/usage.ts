import { parseArgs } from 'node:util'
import { scenarios, type Options, type Scenario } from './options.ts'
import { UsageError } from '../shared/tool.ts'

export const usage = `usage: npm run bench [-- OPTIONS]

Starts a stack of its own on a temporary directory and measures it against bare PostgreSQL on the same server.
  --only a,b         of ${scenarios.join(', ')}; all by default
  --seconds 20       how long each is measured
  --warmup 5         seconds before that
  --rounds 2         how often each is measured, in turn; the medians count
  --users 64         virtual users, 1 to 1024
  --flash-buyers 20000, --flash-units 1000   of the flash sale
  --growth-orders 1000000                    with a tenth as many products and users
  --profile DIR      writes CPU profiles of the stack's Node there; they cost speed
  --out DIR          where the results are written; bench-results by default
  --json             prints one JSON object at the end
Exit code 1: an invariant was violated, or something failed. docs/performance.md explains the tables.`

export type Usage = Options & {
  readonly isJson: boolean
  readonly outDir: string
  readonly profileDir: string | undefined
}

/** Undefined: help is wanted. */
export function parseUsage(args: readonly string[]): Usage | undefined {
  const { help, json, only, profile, out, ...numbers } = parse(args)
  if (help) return undefined
  const integer = (name: keyof typeof numbers, fallback: number, min: number, max: number): number => {
    const text = numbers[name] ?? String(fallback)
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN
    if (value >= min && value <= max) return value
    throw wrong(`--${name} must be a whole number from ${min} to ${max}`)
  }
  return {
    only: only === undefined ? scenarios : scenariosOf(only),
    seconds: integer('seconds', 20, 1, 3_600),
    warmupSeconds: integer('warmup', 5, 0, 600),
    rounds: integer('rounds', 2, 1, 99),
    users: integer('users', 64, 1, 1_024),
    flashBuyers: integer('flash-buyers', 20_000, 1, 1_000_000),
    flashUnits: integer('flash-units', 1_000, 1, 1_000_000),
    growthOrders: integer('growth-orders', 1_000_000, 100, 100_000_000),
    isJson: json ?? false,
    outDir: out ?? 'bench-results',
    profileDir: profile,
  }
}

function scenariosOf(list: string): readonly Scenario[] {
  const names = list.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario === name))
  if (unknown.length > 0) throw wrong(`--only: there is no scenario ${unknown.join(', ')}`)
  return scenarios.filter((scenario) => names.includes(scenario))
}

function parse(args: readonly string[]) {
  const [text, flag] = [{ type: 'string' }, { type: 'boolean' }] as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ only: text, seconds: text, warmup: text, rounds: text, users: text, profile: text, out: text },
        ...{ 'flash-buyers': text, 'flash-units': text, 'growth-orders': text, json: flag },
        help: { ...flag, short: 'h' },
      },
    }).values
  } catch (err) {
    throw wrong((err as Error).message) // parseArgs throws nothing but errors of its own
  }
}

const wrong = (message: string): UsageError => new UsageError(`${message}\n${usage}`)
