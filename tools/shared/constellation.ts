import { devNull, homedir, tmpdir } from 'node:os'
import { streams } from '../../internal/platform/streams.ts'
import { services } from '../../internal/services.ts'

// The processes that the tools run: how many of each, with which settings, and how to know that they are ready.

/** One of our programs, cmd/<program>/main.ts. */
export type Member = {
  /** The name of a service, or `stack` for all services in one process. */
  readonly program: string
  readonly replicas: number
  /**
   * Matches what it prints when it is ready. The first group, if there is one, is the URL at which it takes requests.
   */
  readonly up: RegExp
}

export type Constellation = readonly Member[]

/** All services in one process, as with `npm start`. */
export const oneProcess: Constellation = [{ program: 'stack', replicas: 1, up: /^ready (\S+)/m }]

/** A process for each service, as in containers: one of each unless `replicas` has another number. */
export function manyProcesses(replicas: Readonly<Record<string, number>> = {}): Constellation {
  return services.map(({ name }) => ({
    program: name,
    replicas: replicas[name] ?? 1,
    up: name === 'gateway' ? /"url":"([^"]+)"/ : /"msg":"started"/,
  }))
}

/** Two replicas of the services that decide, publish or ask the provider of payments. */
export const twoOfTheBusy = manyProcesses({ order: 2, producer: 2, consumer: 2, payment: 2 })

/** One more of each process that can have replicas: a second stack, or a third producer and consumer. */
export const sparesOf = (constellation: Constellation): Constellation =>
  constellation.filter(({ program }) => ['stack', 'producer', 'consumer'].includes(program))

/** The processes of the simulation, which exist only in simulated time. The subscribers are somebody outside. */
export const simulatedProcesses = { order: 2, inventory: 2, producer: 2, consumer: 2, subscriber: 2 } as const
/** Those of the simulated shops in which customers pay, and of those in which they have carts. */
export const simulatedTill = { payment: 2 } as const
export const simulatedCarts = { cart: 2, pricing: 1 } as const
/** Those of the simulated shops that send mails. */
export const simulatedTelling = { notification: 2 } as const

/** Settings by the names of their environment variables. */
export type Settings = Readonly<Record<string, string>>

/** These settings contain nothing of the developer's environment or .env, and rate limits that slow no client down. */
export const commonSettings = (searchPath: string, jwtSecret: string): Settings => ({
  PATH: searchPath,
  HOME: homedir(),
  TMPDIR: tmpdir(),
  DOTENV_CONFIG_PATH: devNull,
  JWT_SECRET: jwtSecret,
  RATE_LIMIT_PER_MINUTE: '100000000',
  LOGIN_LIMIT_PER_MINUTE: '100000000',
  LOGIN_FAILURES_PER_MINUTE: '100000000',
  PAYMENT_ATTEMPTS_PER_HOUR: '100000',
  // What is measured and broken here is the buying. A mail for each order would keep the machine busy for hours.
  NOTIFY_BY: 'none',
})

/** For measurements: the defaults, but with room for the events of a million orders. */
export const settingsToMeasure: Settings = { PORT: '0', STREAM_MAX_BYTES: String(2 * 1_073_741_824) }

/** A process logs that it is ready only at this level. */
export const settingsToHear: Settings = { LOG_LEVEL: 'info' }

/** Stock is held for an order so long unless it is paid for. Some end while money is under way. */
export const holdSeconds = 20
/** The same, from the checkout on, while the customer is at a provider's page. */
export const actionHoldSeconds = 30

/** For faults: what takes minutes in production takes seconds here. The streams share a disk of `storeBytes`. */
export const settingsToBreak = (storeBytes: number): Settings => ({
  ...settingsToHear,
  BCRYPT_COST: '4',
  STATEMENT_TIMEOUT_MS: '5000',
  // nats-server reserves at most three quarters of the disk for all streams together.
  STREAM_MAX_BYTES: String(Math.floor((storeBytes * 0.7) / streams.length)),
  SCRUB_INTERVAL_SECONDS: '10',
  SCRUB_MESSAGES_PER_SECOND: '20000',
  ACCESS_TOKEN_SECONDS: '86400',
  ERASURE_SETTLE_SECONDS: '20', // longer than a request that a pause holds up
  SEED_DEMO: 'false',
  CURRENCY: 'EUR', // so that iDEAL can pay
  ORDER_HOLD_SECONDS: String(holdSeconds),
  PAYMENT_HOLD_SECONDS: String(holdSeconds),
  PAYMENT_ACTION_HOLD_SECONDS: String(actionHoldSeconds),
  GUEST_CARTS_PER_MINUTE: '100000',
  PROVIDER_TIMEOUT_MS: '2000',
  LATE_MONEY_WAIT_SECONDS: '3',
  SEARCH_CHECK_INTERVAL_MS: '3000',
})
