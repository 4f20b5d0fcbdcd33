import { failpoints } from './failpoint.ts'
import { currency, hiddenCounts, integer, oneOf, url, type Setting } from './settings.ts'

// Settings of every process. A service that reads one of these as well names it in its own settings.

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
    'How long PostgreSQL may work on one statement.',
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
    'The most that each stream may hold. Events that no longer fit wait in the outbox.',
  ),
  streamMaxAgeDays: integer(
    'STREAM_MAX_AGE_DAYS',
    14,
    { min: 1, max: 3_650 },
    'How long events are kept, in the streams and in the outbox.',
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

/** What new products are priced in, and what the amounts of requests are in. */
export const currencySetting: Setting<string> = currency(
  'CURRENCY',
  'USD',
  'ISO 4217. Products keep the currency that they were made with.',
)

export const serviceDatabase = (service: string): Setting<string> =>
  url(
    `${service.toUpperCase()}_DATABASE_URL`,
    postgresUrl,
    `A database of its own for the ${service} service. Empty: DATABASE_URL.`,
  )
