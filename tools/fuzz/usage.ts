import { parseArgs } from 'node:util'
import { UsageError } from '../shared/tool.ts'

export const usage = `usage: npm run fuzz [-- OPTIONS]

Sends requests that are valid, at the edge, or wrong to every route of the OpenAPI document, and checks each answer.
  --requests 20000   how many
  --seed N           the same requests again; a new one each time by default
  --url URL          of a shop that runs (its ADMIN_EMAIL and ADMIN_PASSWORD); a stack of its own by default
  --json             prints one JSON object at the end
Exit code 1: an answer was not as documented, or the shop was not well afterwards.`

export type Usage = {
  readonly requests: number
  readonly seed: number
  readonly url: string | undefined
  readonly isJson: boolean
}

/** Undefined: help is wanted. */
export function parseUsage(args: readonly string[], newSeed: number): Usage | undefined {
  const { help, json, url, requests, seed } = parse(args)
  if (help) return undefined
  if (url !== undefined && !/^http:\/\/./.test(url)) throw wrong('--url must begin with http://')
  return {
    requests: integer('requests', requests, 20_000, 1, 10_000_000),
    seed: integer('seed', seed, newSeed, 0, 4_294_967_295),
    url: url?.replace(/\/$/, ''),
    isJson: json ?? false,
  }
}

function integer(name: string, text: string | undefined, fallback: number, min: number, max: number): number {
  if (text === undefined) return fallback
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN
  if (value >= min && value <= max) return value
  throw wrong(`--${name} must be a whole number from ${min} to ${max}`)
}

function parse(args: readonly string[]) {
  const [text, flag] = [{ type: 'string' }, { type: 'boolean' }] as const
  try {
    return parseArgs({
      args: [...args],
      options: { requests: text, seed: text, url: text, json: flag, help: { ...flag, short: 'h' } },
    }).values
  } catch (err) {
    throw wrong((err as Error).message) // parseArgs throws nothing but errors of its own
  }
}

const wrong = (message: string): UsageError => new UsageError(`${message}\n${usage}`)
