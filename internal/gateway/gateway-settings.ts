import { currencySetting } from '../platform/common-settings.ts'
import { integer, list, networks, secret, text } from '../platform/settings.ts'

const perMinute = { min: 1, max: 100_000_000 }

export const gatewaySettings = {
  port: integer('PORT', 8080, { min: 0, max: 65_535 }, 'Where the gateway listens; 0 takes a free port.'),
  host: text('HOST', '127.0.0.1', 'The address to listen on; 0.0.0.0 is every address of the machine.'),
  corsOrigins: list(
    'CORS_ORIGINS',
    'Web origins whose pages may call, separated by commas: https://shop.example,https://admin.example',
  ),
  trustProxy: networks(
    'TRUST_PROXY',
    'The proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas (10.0.0.0/8, loopback, uniquelocal). Empty: none, and limits for an address count the address of the connection.',
  ),
  maxConnections: integer(
    'MAX_CONNECTIONS',
    16_384,
    { min: 1, max: 1_000_000 },
    'Open connections at one time.',
  ),
  maxConnectionsPerAddress: integer(
    'MAX_CONNECTIONS_PER_ADDRESS',
    2_048,
    { min: 1, max: 1_000_000 },
    'Of them, from one address. It has no effect with TRUST_PROXY.',
  ),
  rateLimitPerMinute: integer(
    'RATE_LIMIT_PER_MINUTE',
    60_000,
    perMinute,
    'Requests per minute of one user, or of one address for those who are not logged in.',
  ),
  loginLimitPerMinute: integer(
    'LOGIN_LIMIT_PER_MINUTE',
    3_000,
    perMinute,
    'Logins and registrations per minute of one address.',
  ),
  loginFailuresPerMinute: integer(
    'LOGIN_FAILURES_PER_MINUTE',
    10,
    perMinute,
    'Failed logins per minute at one account from one address; ten times as many from all addresses that are new to the account.',
  ),
  jwtSecret: secret(
    'JWT_SECRET',
    { minBytes: 32 },
    'Signs the tokens. Empty: `npm start` makes one and keeps it in DATA_DIR. A gateway in a process of its own needs it, the same for all replicas.',
  ),
  tokenLifetimeSeconds: integer(
    'TOKEN_LIFETIME_SECONDS',
    3_600,
    { min: 60, max: 2_592_000 },
    'How long a login is valid.',
  ),
  currency: currencySetting,
} as const
