import { parseArgs } from 'node:util'
import { UsageError } from '../shared/tool.ts'

export const usage = `usage: npm run simulate -- [--seeds 2000] [--from 1] [--json] [--quick]
       npm run simulate -- --seed SEED [--json]

The real domain and application code of order, inventory, producer and consumer in simulated time, with crashes, lost
messages, lost stores and clients that try again; every seed is another run, and the same seed is the same run.
  --seeds   how many runs; the first that breaks an invariant ends the campaign
  --from    the first seed
  --seed    one run only, with its history
  --quick   a failure is told as it is, without looking for the shortest plan that fails
  --json    one JSON object on standard output
Exit code 0: no invariant was broken; 1: one was; 2: the command line is wrong. docs/reliability.md has the rest.`

export type Usage = {
  readonly from: number
  readonly seeds: number
  /** Show what happened in the one run. */
  readonly showsHistory: boolean
  readonly json: boolean
  readonly isQuick: boolean
}

const largestSeed = 2_147_483_647
const mostSeeds = 10_000_000

/** Undefined: help is wanted. */
export function parseUsage(args: readonly string[]): Usage | undefined {
  const { help, json = false, quick: isQuick = false, seed, seeds, from } = parse(args)
  if (help) return undefined
  if (seed === undefined) {
    return {
      from: integer('--from', from ?? '1', 0, largestSeed),
      seeds: integer('--seeds', seeds ?? '2000', 1, mostSeeds),
      showsHistory: false,
      json,
      isQuick,
    }
  }
  if (seeds !== undefined || from !== undefined) throw wrong('--seed is one run: without --seeds and --from')
  return { from: integer('--seed', seed, 0, largestSeed), seeds: 1, showsHistory: true, json, isQuick }
}

function parse(args: readonly string[]) {
  try {
    const text = { type: 'string' } as const
    const flag = { type: 'boolean' } as const
    const options = {
      seeds: text,
      from: text,
      seed: text,
      json: flag,
      quick: flag,
      help: { ...flag, short: 'h' },
    } as const
    return parseArgs({ args: [...args], options }).values
  } catch (err) {
    throw wrong((err as Error).message.split('\n')[0] ?? '') // parseArgs throws nothing but errors of its own
  }
}

function integer(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN
  if (value >= min && value <= max) return value
  throw wrong(`${name} must be a whole number from ${min} to ${max}`)
}

const wrong = (message: string): UsageError => new UsageError(`${message}\n${usage}`)
