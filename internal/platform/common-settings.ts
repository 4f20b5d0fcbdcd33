import { failpoints } from './failpoint.ts'
import { currency, hiddenCounts, integer, oneOf, url, type Setting } from './settings.ts'

// Every process has these settings. A service that reads one of them lists it in its own settings too.

const postgresUrl = ['postgres:', 'postgresql:']
export const logLevels = ['default', 'trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export const commonSettings = {
  databaseUrl: url(
    'DATABASE_URL',
    postgresUrl,
    'postgres://user:password@host:5432/database. Empty: `npm start` runs a PostgreSQL of its own in DATA_DIR.',
  ),
  databaseConnections: integer(
    'DATABASE_CONNECTIONS',
    10,
    { min: 2, max: 200 },
    'The most connections that each service of each process opens.',
  ),
  statementTimeoutMs: integer(
    'STATEMENT_TIMEOUT_MS',
    10_000,
    { min: 100, max: 600_000 },
    'How long PostgreSQL may work on one statement before it cancels it.',
  ),
  natsUrl: url(
    'NATS_URL',
    ['nats:', 'tls:'],
    'nats://host:4222, or all servers of a cluster separated by commas. Empty: `npm start` runs a nats-server of its own in DATA_DIR.',
    { isList: true },
  ),
  streamReplicas: integer(
    'STREAM_REPLICAS',
    1,
    { min: 1, max: 5 },
    'On how many servers each stream is stored: 3 in a cluster.',
  ),
  streamMaxBytes: integer(
    'STREAM_MAX_BYTES',
    1_073_741_824,
    { min: 1_048_576, max: Number.MAX_SAFE_INTEGER },
    'The largest size of each stream. Events that no longer fit wait in the outbox.',
  ),
  streamMaxAgeDays: integer(
    'STREAM_MAX_AGE_DAYS',
    14,
    { min: 1, max: 3_650 },
    'How long the streams and the outbox keep events.',
  ),
  logLevel: oneOf(
    'LOG_LEVEL',
    logLevels,
    'default',
    'trace, debug, info, warn, error, fatal or silent; default is info, and warn for `npm start`.',
  ),
  failpoints: hiddenCounts(
    'TILLSTREAM_FAILPOINTS',
    failpoints,
    'NODE_ENV is production, and it kills the process',
  ),
} as const

/** The currency of new products and of the amounts in requests. */
export const currencySetting: Setting<string> = currency(
  'CURRENCY',
  'USD',
  'The currency of new products, as its ISO 4217 code. Existing products keep theirs.',
)

export const serviceDatabase = (service: string): Setting<string> =>
  url(
    `${service.toUpperCase()}_DATABASE_URL`,
    postgresUrl,
    `A database of its own for the ${service} service. Empty: DATABASE_URL.`,
  )
