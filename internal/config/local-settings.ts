import { flag, integer, text } from '../platform/settings.ts'

/** What only `npm start`, `npm run migrate` and the tools read. */
export const localSettings = {
  dataDir: text('DATA_DIR', '.data', 'Where `npm start` keeps the data of its servers.'),
  dbRolesDir: text(
    'DB_ROLES_DIR',
    '',
    "Where `npm run migrate` leaves the password of each service's PostgreSQL role, as <service>/password, for its DB_PASSWORD_FILE. Empty: nowhere.",
  ),
  natsServerBin: text(
    'NATS_SERVER_BIN',
    '',
    'The nats-server program to run. Empty: one that is found, downloaded or installed.',
  ),
  localOidcPort: {
    ...integer(
      'LOCAL_OIDC_PORT',
      0,
      { min: 0, max: 65_535 },
      'The port of the identity provider by which one can try to log in. Empty or 0: 8091, for which `npm start` takes a free one when it is taken.',
    ),
    example: '',
  },
  seedDemo: flag(
    'SEED_DEMO',
    true,
    'Whether `npm start` puts products and shipping methods into an empty shop and, where the default admin is used, makes a default customer.',
  ),
} as const
