import { parseArgs } from 'node:util'
import { UsageError } from '../shared/tool.ts'

export const usage = `usage: npm run chaos:mutants -- [--only NAME,…] [--seeds 2000] [--json]

Breaks one rule at a time in a copy of this checkout and shows what notices it: a seed of the simulation, or a drill against
a real PostgreSQL and nats-server. First the copy must pass the same commands unbroken.
  --only    these mutants
  --seeds   how many runs of the simulation a mutant may survive
  --json    one JSON object on standard output
Exit code 0: every mutant is caught; 1: one survived; 2: the command line is wrong. The mutants:`

export type Usage = { readonly only: readonly string[]; readonly seeds: number; readonly json: boolean }

/** Undefined: help is wanted. */
export function parseUsage(args: readonly string[], names: readonly string[]): Usage | undefined {
  const { help, json = false, only, seeds = '2000' } = parse(args)
  if (help) return undefined
  const chosen = only === undefined ? names : only.split(',')
  const unknown = chosen.filter((name) => !names.includes(name))
  if (unknown.length > 0)
    throw wrong(`there is no mutant ${unknown.join(', ')}; there are ${names.join(', ')}`)
  if (!/^[1-9]\d{0,6}$/.test(seeds)) throw wrong('--seeds must be a whole number from 1 to 9999999')
  return { only: chosen, seeds: Number(seeds), json }
}

function parse(args: readonly string[]) {
  try {
    const options = {
      only: { type: 'string' },
      seeds: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    } as const
    return parseArgs({ args: [...args], options }).values
  } catch (err) {
    throw wrong((err as Error).message.split('\n')[0] ?? '') // parseArgs throws nothing but errors of its own
  }
}

const wrong = (message: string): UsageError => new UsageError(`${message}\n${usage}`)
