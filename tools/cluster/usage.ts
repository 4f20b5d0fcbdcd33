import { parseArgs } from 'node:util'
import { UsageError } from '../shared/tool.ts'

export const usage = `usage: npm run cluster [-- OPTIONS]

Starts three NATS servers that replicate each stream, and a stack on them, on a temporary directory of its own. Under orders
it kills each server in turn with SIGKILL while it leads the stream of the orders, and starts it again. It prints the longest
time that an order waited for its decision, beside the longest time that a plain JetStream publisher could publish nothing.
  --rounds 1     how often each server is killed
  --rate 10      orders per second
  --away 12      seconds until a killed server starts again
  --json         prints one JSON object at the end
NATS_SERVER_BIN names another nats-server. Exit code 1: an order was refused, lost or waited for more than 10 s, an invariant
is violated, or something failed.`

export type Usage = {
  readonly rounds: number
  readonly rate: number
  readonly awaySeconds: number
  readonly isJson: boolean
}

/** Undefined: help is wanted. */
export function parseUsage(args: readonly string[]): Usage | undefined {
  const { help, json, ...numbers } = parse(args)
  if (help) return undefined
  const integer = (name: keyof typeof numbers, fallback: number, max: number): number => {
    const text = numbers[name] ?? String(fallback)
    const value = /^\d{1,4}$/.test(text) ? Number(text) : NaN
    if (value >= 1 && value <= max) return value
    throw wrong(`--${name} must be a whole number from 1 to ${max}`)
  }
  return {
    rounds: integer('rounds', 1, 20),
    rate: integer('rate', 10, 200),
    awaySeconds: integer('away', 12, 120),
    isJson: json ?? false,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string' },
        rate: { type: 'string' },
        away: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (err) {
    throw wrong((err as Error).message) // parseArgs throws nothing but errors of its own
  }
}

const wrong = (message: string): UsageError => new UsageError(`${message}\n${usage}`)
