import { allFaultKinds, faultKinds, type FaultKind } from './fault-kinds.ts'
import { flag, seedRange, someOf, text, whole } from '../shared/options.ts'
import { columns } from '../shared/tables.ts'
import { readCommandLine, type Values } from '../shared/usage.ts'

/** Each order is some mails and webhooks, which cost more than the order. */
const usual = { seed: 1, rate: 300, rateWithMessages: 3 }

const options = {
  seconds: whole({
    ...{ from: 5, to: 3_600, otherwise: 60 },
    help: 'how long faults are caused; healing and draining follow',
  }),
  seed: whole({
    ...{ from: 0, to: 0xffffffff, otherwise: undefined, usual: usual.seed },
    help: 'decides which faults come and when; the same seed gives the same plan',
  }),
  seeds: seedRange('makes one run for each of these seeds, and one table for all of them'),
  only: someOf('fault', allFaultKinds, 'uses only these of the faults that --list names; all by default'),
  rate: whole({
    ...{ from: 1, to: 2_000, otherwise: undefined, usual: usual.rate },
    help: 'the highest number of orders per second; the rate changes between a third of it and all of it',
  }),
  processes: flag(
    'runs a process for each service, two of order, payment, producer and consumer; by default all services share one process',
  ),
  mollie: flag(
    'pays at Mollie instead of Stripe; its attempts cannot be called back, so no customer leaves one open',
  ),
  messages: flag(
    `sends mails to an inbox and webhooks to a receiver, and compares what has come with what should have; the rate is ${usual.rateWithMessages} by default`,
  ),
  'nats-newer': text('FILE', 'another nats-server program, for the fault that swaps it'),
  markdown: text('FILE', 'writes the tables to this file too'),
  html: text('FILE', 'writes the tables to this file, with plots of what happened when'),
  json: flag('prints one JSON object as the last line'),
  list: flag('names the faults'),
}

const command = {
  forms: ['npm run chaos [-- OPTIONS]'],
  about:
    'Starts PostgreSQL, nats-server, the payment sandbox and all services on a temporary directory, breaks them while clients ' +
    'order and pay, heals them, and compares every answer that a client was given with what is stored in the end, and every ' +
    'cent with what the sandbox has taken and given back.',
  options,
  after:
    'Exit code 1: something was lost, doubled or oversold, a cent differs, somebody is charged for an order that has ended, ' +
    'an invariant was violated, or a planned fault was not exercised. ' +
    'The history and the logs of such a run are kept. docs/reliability.md explains all of it.',
  complain: ({ seed, seeds }: Values<typeof options>) =>
    seed !== undefined && seeds !== undefined ? '--seed and --seeds exclude each other' : undefined,
}

export type Usage = {
  readonly seconds: number
  readonly seeds: readonly number[]
  readonly kinds: readonly FaultKind[]
  readonly rate: number
  readonly hasProcesses: boolean
  readonly isAtMollie: boolean
  /** Whether people get mails, and back ends of others webhooks. */
  readonly hasMessages: boolean
  readonly natsNewer: string | undefined
  readonly markdown: string | undefined
  readonly html: string | undefined
  readonly isJson: boolean
  /** The command that makes the same run again. */
  readonly command: (seed: number) => string
}

/** Returns a text when it is to be shown instead of a run. */
export function parseUsage(args: readonly string[]): Usage | string {
  const said = readCommandLine(command, args)
  if (typeof said === 'string') return said
  const { values } = said
  if (values.list) return columns(allFaultKinds.map((kind) => [kind, faultKinds[kind].what])).join('\n')
  const {
    seconds,
    seed = usual.seed,
    seeds = [seed],
    only: kinds,
    processes,
    mollie,
    messages,
    markdown,
    html,
    json,
  } = values
  const natsNewer = values['nats-newer']
  const usualRate = messages ? usual.rateWithMessages : usual.rate
  const { rate = usualRate } = values
  const same = [
    `--seconds ${seconds}`,
    ...(rate === usualRate ? [] : [`--rate ${rate}`]),
    ...(kinds.length === allFaultKinds.length ? [] : [`--only ${kinds.join()}`]),
    ...(processes ? ['--processes'] : []),
    ...(mollie ? ['--mollie'] : []),
    ...(messages ? ['--messages'] : []),
    ...(natsNewer === undefined ? [] : [`--nats-newer ${natsNewer}`]),
  ]
  const commandOf = (of: number): string => `npm run chaos -- --seed ${of} ${same.join(' ')}`
  return {
    seconds,
    seeds,
    kinds,
    rate,
    hasProcesses: processes,
    isAtMollie: mollie,
    hasMessages: messages,
    natsNewer,
    markdown,
    html,
    isJson: json,
    command: commandOf,
  }
}
