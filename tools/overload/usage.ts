import { parseArgs } from 'node:util'
import { UsageError } from '../shared/tool.ts'

export const usage = `usage: npm run overload [-- OPTIONS]

Starts a stack of its own on a temporary directory, measures the best rate of orders that are accepted and decided,
offers many times that, and looks how long it takes to recover.
  --seconds 60       of the overload
  --factor 20        times the best rate
  --best-seconds 10  for each of the three runs that look for the best rate
  --profile DIR      writes CPU profiles of the stack's Node there; they cost speed
  --json             prints one JSON object at the end
Exit code 1: a target is missed, an invariant is violated, or something failed. docs/reliability.md explains the table.`

export type Usage = {
  readonly seconds: number
  readonly factor: number
  readonly bestSeconds: number
  readonly isJson: boolean
  readonly profileDir: string | undefined
}

/** Undefined: help is wanted. */
export function parseUsage(args: readonly string[]): Usage | undefined {
  const { help, json, profile, ...numbers } = parse(args)
  if (help) return undefined
  const integer = (name: keyof typeof numbers, fallback: number, min: number, max: number): number => {
    const text = numbers[name] ?? String(fallback)
    const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN
    if (value >= min && value <= max) return value
    throw wrong(`--${name} must be a whole number from ${min} to ${max}`)
  }
  return {
    seconds: integer('seconds', 60, 2, 3_600),
    factor: integer('factor', 20, 2, 100),
    bestSeconds: integer('best-seconds', 10, 1, 600),
    isJson: json ?? false,
    profileDir: profile,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string' },
        factor: { type: 'string' },
        'best-seconds': { type: 'string' },
        profile: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (err) {
    throw wrong((err as Error).message) // parseArgs throws nothing but errors of its own
  }
}

const wrong = (message: string): UsageError => new UsageError(`${message}\n${usage}`)
