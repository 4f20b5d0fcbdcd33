import { parseArgs } from 'node:util'
import { allFaultKinds, faultKinds, type FaultKind } from './fault-kinds.ts'
import { UsageError } from '../shared/tool.ts'

export const usage = `usage: npm run chaos [-- OPTIONS]

Starts PostgreSQL, nats-server and all services on a temporary directory, breaks them while clients order, heals them,
and holds every answer that a client was given against what is stored in the end.
  --seconds 60       how long faults come; healing and draining follow
  --seed 1           which faults, and when; the same seed is the same plan
  --seeds 1..20      one run after another, and one table for all
  --only a,b         of the faults that --list names; all by default
  --rate 300         orders per second at the most; it changes between a third of that and all
  --processes        a process for each service, two of order, producer and consumer; else all services are one
  --nats-newer FILE  another nats-server, for the fault that swaps it
  --markdown FILE    writes the table there too
  --json             prints one JSON object last
  --list             the faults
Exit code 1: something was lost, doubled or oversold, an invariant was violated, or a planned fault was not exercised.
The history and the logs of such a run are kept. docs/reliability.md explains all of it.`

export type Usage = {
  readonly seconds: number
  readonly seeds: readonly number[]
  readonly kinds: readonly FaultKind[]
  readonly rate: number
  readonly hasProcesses: boolean
  readonly natsNewer: string | undefined
  readonly markdown: string | undefined
  readonly isJson: boolean
  /** The same run again. */
  readonly command: (seed: number) => string
}

const mostSeeds = 1_000

/** A text: what to show instead of a run. */
export function parseUsage(args: readonly string[]): Usage | string {
  const { help, list, only, seeds, processes = false, json = false, markdown, ...rest } = parse(args)
  if (help) return usage
  if (list) return listed()
  const integer = (name: 'seconds' | 'seed' | 'rate', fallback: number, min: number, max: number): number => {
    const text = rest[name] ?? String(fallback)
    const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN
    if (value >= min && value <= max) return value
    throw wrong(`--${name} must be a whole number from ${min} to ${max}`)
  }
  const seconds = integer('seconds', 60, 5, 3_600)
  const seed = integer('seed', 1, 0, 0xffffffff)
  const rate = integer('rate', 300, 1, 2_000)
  if (seeds !== undefined && rest.seed !== undefined) throw wrong('--seed and --seeds exclude each other')
  const natsNewer = rest['nats-newer']
  const same = [
    `--seconds ${seconds}`,
    ...(rate === 300 ? [] : [`--rate ${rate}`]),
    ...(only === undefined ? [] : [`--only ${only}`]),
    ...(processes ? ['--processes'] : []),
    ...(natsNewer === undefined ? [] : [`--nats-newer ${natsNewer}`]),
  ]
  return {
    seconds,
    seeds: seeds === undefined ? [seed] : seedsOf(seeds),
    kinds: only === undefined ? allFaultKinds : kindsOf(only),
    rate,
    hasProcesses: processes,
    natsNewer,
    markdown,
    isJson: json,
    command: (of) => `npm run chaos -- --seed ${of} ${same.join(' ')}`,
  }
}

function seedsOf(text: string): readonly number[] {
  const [, from, to] = /^(\d{1,9})\.\.(\d{1,9})$/.exec(text) ?? []
  const count = Number(to) - Number(from) + 1
  if (count >= 1 && count <= mostSeeds)
    return Array.from({ length: count }, (_, index) => Number(from) + index)
  throw wrong(`--seeds must be a range such as 1..20, of at most ${mostSeeds}`)
}

function kindsOf(list: string): readonly FaultKind[] {
  const names = list.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => !allFaultKinds.some((kind) => kind === name))
  if (unknown.length > 0) throw wrong(`--only: there is no fault ${unknown.join(', ')}; --list names them`)
  return allFaultKinds.filter((kind) => names.includes(kind))
}

function listed(): string {
  const width = Math.max(...allFaultKinds.map((kind) => kind.length))
  return allFaultKinds.map((kind) => `${kind.padEnd(width)}  ${faultKinds[kind].what}`).join('\n')
}

function parse(args: readonly string[]) {
  const [text, flag] = [{ type: 'string' }, { type: 'boolean' }] as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ seconds: text, seed: text, seeds: text, only: text, rate: text, markdown: text },
        ...{ 'nats-newer': text, processes: flag, json: flag, list: flag },
        help: { ...flag, short: 'h' },
      },
    }).values
  } catch (err) {
    throw wrong((err as Error).message) // parseArgs throws nothing but errors of its own
  }
}

const wrong = (message: string): UsageError => new UsageError(`${message}\n${usage}`)
