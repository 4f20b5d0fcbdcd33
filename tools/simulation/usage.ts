import { flag, whole } from '../shared/options.ts'
import { readCommandLine, type Values } from '../shared/usage.ts'

const largestSeed = 2_147_483_647
const usual = { from: 1, seeds: 2_000 }

const options = {
  seeds: whole({
    ...{ from: 1, to: 10_000_000, otherwise: undefined, usual: usual.seeds },
    help: 'how many seeds are run; the first that breaks an invariant ends the campaign',
  }),
  from: whole({
    ...{ from: 0, to: largestSeed, otherwise: undefined, usual: usual.from },
    help: 'the first seed',
  }),
  seed: whole({
    from: 0,
    to: largestSeed,
    otherwise: undefined,
    help: 'runs this seed alone and shows its history',
  }),
  quick: flag('reports a failure without looking for the shortest plan that fails'),
  json: flag('prints one JSON object on standard output'),
}

const command = {
  forms: ['npm run simulate [-- --seeds N --from N --json --quick]', 'npm run simulate -- --seed N [--json]'],
  about:
    'Runs the real domain and application code of order, inventory, payment, cart, pricing, producer and consumer in ' +
    'simulated time, with crashes, lost messages, lost stores and clients that try again. Each seed gives another run, ' +
    'and the same seed gives the same run.',
  options,
  after:
    'Exit code 0: no invariant was broken; 1: one was; 2: the command line is wrong. See docs/reliability.md.',
  complain: ({ seed, seeds, from }: Values<typeof options>) =>
    seed !== undefined && (seeds !== undefined || from !== undefined)
      ? '--seed makes one run and cannot be combined with --seeds or --from'
      : undefined,
}

export type Usage = {
  readonly from: number
  readonly seeds: number
  /** True to print the history of a single run. */
  readonly showsHistory: boolean
  readonly json: boolean
  readonly isQuick: boolean
}

/** Returns a text when help was asked for. */
export function parseUsage(args: readonly string[]): Usage | string {
  const said = readCommandLine(command, args)
  if (typeof said === 'string') return said
  const { seed, seeds = usual.seeds, from = usual.from, json, quick: isQuick } = said.values
  return seed === undefined
    ? { from, seeds, showsHistory: false, json, isQuick }
    : { from: seed, seeds: 1, showsHistory: true, json, isQuick }
}
