import { config as loadDotenv } from 'dotenv'
import { failpoints } from '../platform/failpoint.ts'
import { readSettings, type Read } from './read.ts'

export { ConfigError } from './read.ts'

/** Everything that can be set, read once. `.env.example` names each variable with its default. */
export type Config = ReturnType<typeof readAll>

/** `default` is info for a service and warn for `npm start`, whose terminal belongs to its user. */
const logLevels = ['default', 'trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** Throws one ConfigError that names every wrong variable and what is expected. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  if (env === process.env) loadDotenv({ quiet: true })
  return readSettings(env, readAll)
}

function readAll(read: Read) {
  const isProduction = read.text('NODE_ENV', '') === 'production'
  read.forbidden('TILLSTREAM_FAILPOINTS', isProduction, 'NODE_ENV is production, and it kills the process')
  const databaseUrl = read.url('DATABASE_URL', ['postgres:', 'postgresql:'], '')
  const serviceDatabase = (service: string): string =>
    read.url(`${service}_DATABASE_URL`, ['postgres:', 'postgresql:'], databaseUrl)
  return {
    port: read.integer('PORT', 8080, { min: 0, max: 65_535 }),
    host: read.text('HOST', '127.0.0.1'),
    dataDir: read.text('DATA_DIR', '.data'),
    logLevel: read.oneOf('LOG_LEVEL', logLevels, 'default'),
    /** Empty: `npm start` runs a PostgreSQL of its own in DATA_DIR. */
    databaseUrl,
    databases: {
      user: serviceDatabase('USER'),
      inventory: serviceDatabase('INVENTORY'),
      order: serviceDatabase('ORDER'),
      producer: serviceDatabase('PRODUCER'),
      consumer: serviceDatabase('CONSUMER'),
    },
    databaseConnections: read.integer('DATABASE_CONNECTIONS', 10, { min: 2, max: 200 }),
    statementTimeoutMs: read.integer('STATEMENT_TIMEOUT_MS', 10_000, { min: 100, max: 600_000 }),
    /** Empty: `npm start` runs a nats-server of its own in DATA_DIR. */
    natsUrl: read.urls('NATS_URL', ['nats:', 'tls:'], ''),
    natsServerBin: read.text('NATS_SERVER_BIN', ''),
    searchPath: read.text('PATH', ''),
    streamReplicas: read.integer('STREAM_REPLICAS', 1, { min: 1, max: 5 }),
    streamMaxBytes: read.integer('STREAM_MAX_BYTES', 1_073_741_824, {
      min: 1_048_576,
      max: Number.MAX_SAFE_INTEGER,
    }),
    streamMaxAgeDays: read.integer('STREAM_MAX_AGE_DAYS', 14, { min: 1, max: 3_650 }),
    scrubIntervalSeconds: read.integer('SCRUB_INTERVAL_SECONDS', 300, { min: 1, max: 604_800 }),
    scrubMessagesPerSecond: read.integer('SCRUB_MESSAGES_PER_SECOND', 2_000, { min: 1, max: 1_000_000 }),
    currency: read.currency('CURRENCY', 'USD'),
    bcryptCost: read.integer('BCRYPT_COST', 10, { min: 4, max: 15 }),
    /** Empty: a random one, kept in DATA_DIR by the local stack; required when services run as processes of their own. */
    jwtSecret: read.secret('JWT_SECRET', { minBytes: 32 }),
    tokenLifetimeSeconds: read.integer('TOKEN_LIFETIME_SECONDS', 3_600, { min: 60, max: 2_592_000 }),
    adminEmail: read.text('ADMIN_EMAIL', 'admin@example.com'),
    /** Empty: `npm start` takes one that it prints; services in processes of their own make no admin. */
    adminPassword: read.text('ADMIN_PASSWORD', ''),
    rateLimitPerMinute: read.integer('RATE_LIMIT_PER_MINUTE', 60_000, { min: 1, max: 100_000_000 }),
    loginLimitPerMinute: read.integer('LOGIN_LIMIT_PER_MINUTE', 3_000, { min: 1, max: 100_000_000 }),
    loginFailuresPerMinute: read.integer('LOGIN_FAILURES_PER_MINUTE', 10, { min: 1, max: 100_000_000 }),
    corsOrigins: read.list('CORS_ORIGINS'),
    /** None: X-Forwarded-For is anybody's claim. */
    trustProxy: read.networks('TRUST_PROXY'),
    maxConnections: read.integer('MAX_CONNECTIONS', 16_384, { min: 1, max: 1_000_000 }),
    maxConnectionsPerAddress: read.integer('MAX_CONNECTIONS_PER_ADDRESS', 2_048, { min: 1, max: 1_000_000 }),
    sweepIntervalMs: read.integer('SWEEP_INTERVAL_MS', 10_000, { min: 100, max: 3_600_000 }),
    sweepAfterSeconds: read.integer('SWEEP_AFTER_SECONDS', 30, { min: 1, max: 86_400 }),
    /** For `npm run chaos` only: where this process dies, and at which passage. */
    failpoints: read.counts('TILLSTREAM_FAILPOINTS', failpoints),
  }
}
