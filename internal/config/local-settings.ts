import { flag, text } from '../platform/settings.ts'

/** What only `npm start` and the tools read. */
export const localSettings = {
  dataDir: text('DATA_DIR', '.data', 'Where `npm start` keeps the data of its servers.'),
  natsServerBin: text(
    'NATS_SERVER_BIN',
    '',
    'The nats-server program to run. Empty: one that is found, downloaded or installed.',
  ),
  seedDemo: flag(
    'SEED_DEMO',
    true,
    'Whether `npm start` puts products and shipping methods into an empty shop and, where the default admin is used, makes a default customer.',
  ),
} as const
