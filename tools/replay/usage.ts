import { parseArgs } from 'node:util'
import type { OpeningStock } from './domain/opening.ts'
import { UsageError } from '../shared/tool.ts'

export const usage = `usage: npm run replay -- FILE [--url http://localhost:8080] [--opening-stock N | enough] [--concurrency 16]

Replays the orders of FILE (.csv or .csv.gz) to a running stack, through REST alone, and compares stock with the file.
  --url            the stack; by default the one that \`npm start\` runs
  --opening-stock  units of each product; enough (the default): what the file sells of it
  --concurrency    requests at a time, 1 to 256
Exit code 0: every product agrees and the audit is clean. docs/replay.md has the rules.`

export type Usage = {
  readonly path: string
  /** Undefined: the local stack. */
  readonly url: string | undefined
  readonly opening: OpeningStock
  readonly concurrency: number
}

/** Below the API's limit for the stock of a product. */
const maxOpening = 1_000_000
const maxConcurrency = 256

/** Undefined: help is wanted. */
export function parseUsage(args: readonly string[]): Usage | undefined {
  const { values, positionals } = parse(args)
  if (values.help) return undefined
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0)
    throw wrong(path === undefined ? 'which FILE?' : 'one FILE at a time')
  const { url, 'opening-stock': opening = 'enough', concurrency = '16' } = values
  if (url !== undefined && !(/^https?:/.test(url) && URL.canParse(url)))
    throw wrong('--url must be an http URL')
  return {
    path,
    url: url?.replace(/\/+$/, ''),
    opening: opening === 'enough' ? opening : integer('--opening-stock', opening, 0, maxOpening),
    concurrency: integer('--concurrency', concurrency, 1, maxConcurrency),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        'opening-stock': { type: 'string' },
        concurrency: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (err) {
    throw wrong((err as Error).message.split('\n')[0] ?? '') // parseArgs throws nothing but errors of its own
  }
}

function integer(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN
  if (value >= min && value <= max) return value
  throw wrong(`${name} must be a whole number from ${min} to ${max}`)
}

const wrong = (message: string): UsageError => new UsageError(`${message}\n${usage}`)
