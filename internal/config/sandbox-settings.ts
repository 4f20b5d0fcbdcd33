import { host } from '../platform/address-settings.ts'
import { flag, integer, secret, text, url } from '../platform/settings.ts'

export const usualSandboxPort = 8_090

/** A secret that everybody knows: the sandbox and the local stack use it, and no real provider does. */
export const sandboxWebhookSecret = 'whsec_sandbox'

/** What the payment sandbox reads, which stands in for the providers of payments. */
export const sandboxSettings = {
  sandboxHost: host(
    'SANDBOX_HOST',
    '127.0.0.1',
    'The address on which the payment sandbox listens. Whoever reaches it can pay any order.',
  ),
  sandboxPort: {
    ...integer(
      'SANDBOX_PORT',
      0,
      { min: 0, max: 65_535 },
      'The port of the payment sandbox. Empty or 0: 8090, for which `npm start` takes a free one when it is taken.',
    ),
    example: '',
  },
  sandboxDir: text(
    'SANDBOX_DIR',
    '',
    'The folder in which the payment sandbox keeps its state. Empty: payment-sandbox in DATA_DIR.',
  ),
  sandboxUrl: url(
    'SANDBOX_URL',
    ['http:', 'https:'],
    'The address of the payment sandbox in the browsers of customers. Empty: that of its host and port.',
  ),
  sandboxWebhookUrl: url(
    'SANDBOX_WEBHOOK_URL',
    ['http:', 'https:'],
    "Where the payment sandbox sends Stripe's webhooks. `npm start` sets it to its own gateway.",
  ),
  sandboxWebhookSecret: secret(
    'SANDBOX_WEBHOOK_SECRET',
    { minBytes: 1 },
    'With what the payment sandbox signs its webhooks. Empty: whsec_sandbox.',
  ),
  sandboxSeed: {
    ...integer('SANDBOX_SEED', 0, { min: 0, max: 4_294_967_295 }, ''),
    isHidden: true,
    notInProduction: 'NODE_ENV is production, and it is for tests',
  },
  paymentSandbox: flag(
    'PAYMENT_SANDBOX',
    false,
    'Whether the payment sandbox may run although NODE_ENV is production. docker-compose.yml sets it for trying.',
  ),
} as const
