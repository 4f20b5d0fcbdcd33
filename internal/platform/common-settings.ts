import { databaseName, databaseUrl, host } from './address-settings.ts'
import { failpoints } from './failpoint.ts'
import type { NatsAccess } from './nats-access.ts'
import {
  currency,
  hiddenCounts,
  integer,
  oneOf,
  secret,
  text,
  url,
  type Setting,
  type ValuesOf,
} from './settings.ts'

// Every process has these settings. A service that reads one of them lists it in its own settings too.

export const logLevels = ['default', 'trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export const commonSettings = {
  nodeEnv: oneOf(
    'NODE_ENV',
    ['development', 'test', 'production'],
    'development',
    'production refuses what is meant for a laptop: the default accounts, settings of tests, introspection by GraphQL.',
  ),
  databaseUrl: databaseUrl(
    'DATABASE_URL',
    'postgres://user:password@host:5432/database. Empty: the database of DB_HOST; without that `npm start` runs a PostgreSQL of its own in DATA_DIR.',
    '; or set DB_HOST, DB_USER, DB_PASSWORD and DB_NAME instead, which need no encoding',
  ),
  dbHost: host(
    'DB_HOST',
    '',
    'The host of the database, in place of DATABASE_URL. The parts need no encoding, whatever they hold.',
  ),
  dbPort: integer('DB_PORT', 5_432, { min: 1, max: 65_535 }, 'The port of DB_HOST.'),
  dbUser: text('DB_USER', 'tillstream', 'The user at DB_HOST.'),
  dbPassword: secret('DB_PASSWORD', { minBytes: 1 }, "The user's password at DB_HOST."),
  dbName: databaseName('DB_NAME', 'tillstream', 'The name of the database at DB_HOST.'),
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
    'nats://host:4222, or all servers of a cluster separated by commas; tls:// connects with TLS or not at all. User and password may stand in it (nats://user:password@host). Empty: `npm start` runs a nats-server of its own in DATA_DIR.',
    { isList: true },
  ),
  natsUser: text(
    'NATS_USER',
    '',
    'The user at the broker, if NATS_URL does not name it: a process of its own is the user of its name, such as order.',
  ),
  natsPassword: secret(
    'NATS_PASSWORD',
    { minBytes: 1 },
    'The password of NATS_USER. docker-compose.yml gives it to its broker and to all services.',
  ),
  natsCreds: text(
    'NATS_CREDS',
    '',
    'The path of a credentials file, instead of user and password, for a broker with JWTs.',
  ),
  natsNkey: secret('NATS_NKEY', { minBytes: 58 }, 'The seed of an nkey, instead of user and password.'),
  natsCa: text(
    'NATS_CA',
    '',
    'The path of the certificate of a private authority that has signed that of the broker, for tls://.',
  ),
  grpcTlsCert: text(
    'GRPC_TLS_CERT',
    '',
    'The path of the certificate, with those that lead to its authority, with which gRPC is answered by TLS. Empty: it is plain.',
  ),
  grpcTlsKey: text('GRPC_TLS_KEY', '', 'The path of the private key of GRPC_TLS_CERT.'),
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

/** How the broker is reached by these settings. */
export const natsAccessOf = (
  settings: Pick<
    ValuesOf<typeof commonSettings>,
    'natsUrl' | 'natsUser' | 'natsPassword' | 'natsCreds' | 'natsNkey' | 'natsCa'
  >,
): NatsAccess => ({
  url: settings.natsUrl,
  user: settings.natsUser,
  password: settings.natsPassword,
  creds: settings.natsCreds,
  nkey: settings.natsNkey,
  ca: settings.natsCa,
})

/** The currency of new products and of the amounts in requests. */
export const currencySetting: Setting<string> = currency(
  'CURRENCY',
  'USD',
  'The currency of new products, as its ISO 4217 code. Existing products keep theirs.',
)

/** Where the API is, for those whom it calls back and for the links of mails. */
export const publicUrlSetting: Setting<string> = url(
  'PUBLIC_URL',
  ['http:', 'https:'],
  'The address of the API as the internet knows it, such as https://api.shop.example. Mollie is told with each payment ' +
    'to send its webhooks there, and mails have their link to unsubscribe there. Empty: Mollie sends none, and is asked ' +
    'from time to time instead.',
)

/** The seller, on documents and in mails. */
export const shopNameSetting: Setting<string> = text(
  'SHOP_NAME',
  'Tillstream',
  'The seller on receipts and credit notes, and in mails.',
)

/** With what the gateway signs tokens, and the user service those in the links of mails. */
export const jwtSecretSetting: Setting<string> = secret(
  'JWT_SECRET',
  { minBytes: 32 },
  'The secret that signs the tokens. Empty: `npm start` makes one and keeps it in DATA_DIR. A gateway or a user service in a process of its own needs it, and all of them need the same one.',
)

export const jwtSecretPreviousSetting: Setting<string> = secret(
  'JWT_SECRET_PREVIOUS',
  { minBytes: 32 },
  'The secret that JWT_SECRET has replaced. What it has signed is still accepted, so that nobody is logged out and no guest loses a cart: keep it for SESSION_DAYS and CART_GUEST_DAYS.',
)

/** The one that signs, and the one before it whose signatures are still accepted. */
export const tokenSecrets = (settings: {
  readonly jwtSecret: string
  readonly jwtSecretPrevious: string
}): readonly string[] =>
  settings.jwtSecretPrevious === '' ? [settings.jwtSecret] : [settings.jwtSecret, settings.jwtSecretPrevious]

export const serviceDatabase = (service: string): Setting<string> =>
  databaseUrl(
    `${service.toUpperCase()}_DATABASE_URL`,
    `A database of its own for the ${service} service. Empty: the common one.`,
  )
