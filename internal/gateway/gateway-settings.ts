import { host, networks, origins } from '../platform/address-settings.ts'
import { currencySetting, jwtSecretPreviousSetting, jwtSecretSetting } from '../platform/common-settings.ts'
import { imageStoreSettings } from '../platform/files/image-settings.ts'
import { callerSettings } from '../platform/grpc-settings.ts'
import { integer, retired, secret, text, url } from '../platform/settings.ts'

/** The usual port of Prometheus exporters that belong to no well-known product. */
export const usualOperationsPort = 9_464

const perMinute = { min: 1, max: 100_000_000 }

export const gatewaySettings = {
  port: integer('PORT', 8080, { min: 0, max: 65_535 }, 'The port to listen on; 0 means any free port.'),
  host: host('HOST', '127.0.0.1', 'The address to listen on; 0.0.0.0 means every address of the machine.'),
  operationsPort: {
    ...integer(
      'OPERATIONS_PORT',
      0,
      { min: 0, max: 65_535 },
      'The port on which operators read `/metrics` and the whole `/readyz`. Empty or 0: 9464, or a free port when that is taken.',
    ),
    example: '',
  },
  operationsHost: host(
    'OPERATIONS_HOST',
    '127.0.0.1',
    'The address of that listener. It asks for no login, so keep it from the public.',
  ),
  operationsToken: secret(
    'OPERATIONS_TOKEN',
    { minBytes: 16 },
    'A token (`Authorization: Bearer …`) with which operators may read `/metrics` and the whole `/readyz` at PORT as well. Empty: only at OPERATIONS_PORT.',
  ),
  corsOrigins: origins(
    'CORS_ORIGINS',
    'Web origins whose pages may call the API, separated by commas: https://shop.example,https://admin.example',
  ),
  returnOrigins: origins(
    'RETURN_ORIGINS',
    'Web origins to which customers may be sent back after a payment or a login elsewhere, separated by commas. Empty: the origin of the gateway, and any on the same machine when it is reached there.',
  ),
  trustProxy: networks(
    'TRUST_PROXY',
    'The proxies whose X-Forwarded-For is trusted: addresses or networks, separated by commas (10.0.0.0/8, loopback, uniquelocal). Empty: no proxy is trusted, and limits for an address count the address of the connection.',
  ),
  maxConnections: integer(
    'MAX_CONNECTIONS',
    16_384,
    { min: 1, max: 1_000_000 },
    'The most connections that may be open at the same time.',
  ),
  maxConnectionsPerAddress: integer(
    'MAX_CONNECTIONS_PER_ADDRESS',
    2_048,
    { min: 1, max: 1_000_000 },
    'The most connections that may be open from one address. It has no effect with TRUST_PROXY.',
  ),
  maxEventStreams: integer(
    'MAX_EVENT_STREAMS',
    2_000,
    { min: 1, max: 100_000 },
    'The most streams of events (`GET /notifications/stream`, `GET /orders/:id/events`, `GET /admin/orders/changes`) that may be open at each gateway. One address may have a quarter of them.',
  ),
  eventStreamsPerAccount: integer(
    'EVENT_STREAMS_PER_ACCOUNT',
    10,
    { min: 1, max: 100_000 },
    "The most of them that one account, one API key or one guest's order may have open at each gateway.",
  ),
  rateLimitPerMinute: callerSettings.rateLimitPerMinute,
  apiKeyRequestsPerMinute: callerSettings.apiKeyRequestsPerMinute,
  loginLimitPerMinute: integer(
    'LOGIN_LIMIT_PER_MINUTE',
    3_000,
    perMinute,
    'The most logins and registrations per minute of one address.',
  ),
  loginFailuresPerMinute: integer(
    'LOGIN_FAILURES_PER_MINUTE',
    10,
    perMinute,
    'The most failed logins per minute at one account from one address. All addresses that are new to the account may fail ten times as often together.',
  ),
  guestCartsPerMinute: integer(
    'GUEST_CARTS_PER_MINUTE',
    600,
    perMinute,
    "The most guests' carts per minute that one address can make.",
  ),
  redisUrl: url(
    'REDIS_URL',
    ['redis:', 'rediss:'],
    'The Redis by which gateways count together, and tell each other what has ended or changed. Empty: they do it by NATS, and a limit may be passed by a little.',
  ),
  jwtSecret: jwtSecretSetting,
  jwtSecretPrevious: jwtSecretPreviousSetting,
  staffSecondFactor: callerSettings.staffSecondFactor,
  accessTokenSeconds: integer(
    'ACCESS_TOKEN_SECONDS',
    900,
    { min: 60, max: 86_400 },
    'How long an access token is valid. Its session goes on: a refresh token gets the next one.',
  ),
  tokenLifetimeSeconds: retired('TOKEN_LIFETIME_SECONDS', 'ACCESS_TOKEN_SECONDS'),
  currency: currencySetting,
  webDir: text(
    'WEB_DIR',
    'dist/web',
    'The folder of the built pages: each application has a folder of its own there with its index.html, `shop` for /shop and `console` for /console.',
  ),
  ...imageStoreSettings,
} as const
