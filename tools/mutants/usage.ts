import type { Mutant } from './mutant.ts'
import { flag, someOf, whole } from '../shared/options.ts'
import { readCommandLine } from '../shared/usage.ts'
import { columns } from '../shared/tables.ts'

export type Usage = {
  readonly only: readonly string[]
  readonly seeds: number
  /** So many mutants are hunted at once, each in a copy of its own. */
  readonly jobs: number
  readonly json: boolean
}

/** Returns a text when help was asked for. */
export function parseUsage(args: readonly string[], mutants: readonly Mutant[]): Usage | string {
  const said = readCommandLine(commandFor(mutants), args)
  return typeof said === 'string' ? said : said.values
}

const commandFor = (mutants: readonly Mutant[]) => ({
  forms: ['npm run chaos:mutants [-- OPTIONS]'],
  about:
    'Breaks one rule at a time in a copy of this checkout, and shows what notices it: a seed of the simulation, or a drill ' +
    'against a real PostgreSQL and nats-server. The unbroken copy must pass the same commands first.',
  options: {
    only: someOf(
      'mutant',
      mutants.map(({ name }) => name),
      'makes only these mutants; all by default',
    ),
    seeds: whole({
      ...{ from: 1, to: 9_999_999, otherwise: 2_000 },
      help: 'how many runs of the simulation a mutant must survive to count as not caught',
    }),
    jobs: whole({
      ...{ from: 1, to: 64, otherwise: 2 },
      help: 'hunts so many mutants at once, each in a copy of its own',
    }),
    json: flag('prints one JSON object on standard output and no table'),
  },
  after: [
    'Exit code 0: every mutant is caught; 1: one survived; 2: the command line is wrong. The mutants:',
    ...columns(
      mutants.map(({ name, rule }) => [name, rule]),
      { indent: '  ' },
    ),
  ].join('\n'),
})
