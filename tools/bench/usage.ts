import { scenarios, type Options } from './options.ts'
import { flag, someOf, text, whole } from '../shared/options.ts'
import { readCommandLine } from '../shared/usage.ts'

const command = {
  forms: ['npm run bench [-- OPTIONS]'],
  about:
    'Starts a stack of its own on a temporary directory and measures it against bare PostgreSQL on the same server.',
  options: {
    only: someOf('scenario', scenarios, `measures only these of ${scenarios.join(', ')}; all by default`),
    seconds: whole({ from: 1, to: 3_600, otherwise: 20, help: 'how long each scenario is measured' }),
    warmup: whole({ from: 0, to: 600, otherwise: 5, help: 'seconds of load before each measurement' }),
    rounds: whole({
      ...{ from: 1, to: 99, otherwise: 2 },
      help: 'how often all scenarios are measured, in turn; the tables show the medians',
    }),
    users: whole({ from: 1, to: 1_024, otherwise: 64, help: 'virtual users' }),
    'flash-buyers': whole({ from: 1, to: 1_000_000, otherwise: 20_000, help: 'buyers of the flash sale' }),
    'flash-units': whole({ from: 1, to: 1_000_000, otherwise: 1_000, help: 'units in the flash sale' }),
    'growth-orders': whole({
      ...{ from: 100, to: 100_000_000, otherwise: 1_000_000 },
      help: 'orders that the scenario "growth" begins with; products and users are a tenth of that each',
    }),
    'search-products': whole({
      ...{ from: 100, to: 1_000_000, otherwise: 50_000 },
      help: 'products that the scenarios "search" and "facets" begin with',
    }),
    profile: text(
      'DIR',
      "writes CPU profiles of the stack's Node processes to this directory; profiling costs speed",
    ),
    out: text('DIR', 'where the results are written; bench-results by default'),
    json: flag('prints one JSON object at the end'),
  },
  after:
    'Exit code 1: an invariant was violated, or something failed. docs/performance.md explains the tables.',
}

export type Usage = Options & {
  readonly isJson: boolean
  readonly outDir: string
  readonly profileDir: string | undefined
}

/** Returns a text when help was asked for. */
export function parseUsage(args: readonly string[]): Usage | string {
  const said = readCommandLine(command, args)
  if (typeof said === 'string') return said
  const { values } = said
  return {
    only: values.only,
    seconds: values.seconds,
    warmupSeconds: values.warmup,
    rounds: values.rounds,
    users: values.users,
    flashBuyers: values['flash-buyers'],
    flashUnits: values['flash-units'],
    growthOrders: values['growth-orders'],
    searchProducts: values['search-products'],
    isJson: values.json,
    outDir: values.out ?? 'bench-results',
    profileDir: values.profile,
  }
}
