import { flag, whole } from '../shared/options.ts'
import { readCommandLine } from '../shared/usage.ts'

const command = {
  forms: ['npm run cluster [-- OPTIONS]'],
  about:
    'Starts three NATS servers that replicate each stream, and a stack on them, on a temporary directory of its own. Under ' +
    'orders it kills each server in turn with SIGKILL while it leads the stream of the orders, and starts it again. It prints ' +
    'the longest time that an order waited for its decision, beside the longest time that a plain JetStream publisher could ' +
    'publish nothing. NATS_SERVER_BIN names another nats-server.',
  options: {
    rounds: whole({ from: 1, to: 20, otherwise: 1, help: 'how often each server is killed' }),
    rate: whole({ from: 1, to: 200, otherwise: 10, help: 'orders per second' }),
    away: whole({ from: 1, to: 120, otherwise: 12, help: 'seconds until a killed server starts again' }),
    json: flag('prints one JSON object at the end'),
  },
  after:
    'Exit code 1: an order was refused, lost or waited for more than 10 s, an invariant is violated, or something failed.',
}

export type Usage = {
  readonly rounds: number
  readonly rate: number
  readonly awaySeconds: number
  readonly isJson: boolean
}

/** A text: the help, which was asked for. */
export function parseUsage(args: readonly string[]): Usage | string {
  const said = readCommandLine(command, args)
  if (typeof said === 'string') return said
  const { rounds, rate, away, json } = said.values
  return { rounds, rate, awaySeconds: away, isJson: json }
}
