import type { OverloadOptions } from './overload.ts'
import { flag, text, whole } from '../shared/options.ts'
import { readCommandLine } from '../shared/usage.ts'

const command = {
  forms: ['npm run overload [-- OPTIONS]'],
  about:
    'Starts a stack of its own on a temporary directory, measures the best rate at which orders are accepted and decided, ' +
    'offers many times that rate, and measures how long the stack takes to recover.',
  options: {
    seconds: whole({ from: 2, to: 3_600, otherwise: 60, help: 'how long the overload lasts' }),
    factor: whole({ from: 2, to: 100, otherwise: 20, help: 'how many times the best rate is offered' }),
    'best-seconds': whole({
      ...{ from: 1, to: 600, otherwise: 10 },
      help: 'how long each of the three runs lasts that measure the best rate',
    }),
    profile: text(
      'DIR',
      "writes CPU profiles of the stack's Node processes to this directory; profiling costs speed",
    ),
    json: flag('prints one JSON object at the end'),
  },
  after:
    'Exit code 1: a target is missed, an invariant is violated, or something failed. docs/reliability.md explains the table.',
}

export type Usage = OverloadOptions & {
  readonly isJson: boolean
  readonly profileDir: string | undefined
}

/** Returns a text when help was asked for. */
export function parseUsage(args: readonly string[]): Usage | string {
  const said = readCommandLine(command, args)
  if (typeof said === 'string') return said
  const { seconds, factor, 'best-seconds': bestSeconds, json, profile } = said.values
  return { seconds, factor, bestSeconds, isJson: json, profileDir: profile }
}
