import { publicUrlSetting } from '../../../platform/common-settings.ts'
import { flag, integer, secret, url, type ValuesOf } from '../../../platform/settings.ts'

/** The settings of the providers, which the payment service declares among its own. */
export const providerSettings = {
  stripeSecretKey: secret(
    'STRIPE_SECRET_KEY',
    { minBytes: 8 },
    'The secret or restricted key of the Stripe account. Empty: nothing is paid through Stripe.',
  ),
  stripeWebhookSecret: secret(
    'STRIPE_WEBHOOK_SECRET',
    { minBytes: 8 },
    'The signing secret of the webhook endpoint at Stripe, whsec_….',
  ),
  stripeApiUrl: url(
    'STRIPE_API_URL',
    ['http:', 'https:'],
    "The address of Stripe's API. Empty: https://api.stripe.com. The local stack sets it to its payment sandbox.",
  ),
  stripeMulticapture: flag(
    'STRIPE_MULTICAPTURE',
    false,
    'Whether the Stripe account may capture an authorization of a card in several parts.',
  ),
  mollieApiKey: secret(
    'MOLLIE_API_KEY',
    { minBytes: 8 },
    'The API key of the Mollie account. Empty: nothing is paid through Mollie.',
  ),
  mollieApiUrl: url(
    'MOLLIE_API_URL',
    ['http:', 'https:'],
    "The address of Mollie's API. Empty: https://api.mollie.com. The local stack sets it to its payment sandbox.",
  ),
  publicUrl: publicUrlSetting,
  providerTimeoutMs: integer(
    'PROVIDER_TIMEOUT_MS',
    20_000,
    { min: 500, max: 80_000 },
    'How long an answer of a payment provider may take. A payment whose call took longer is looked up.',
  ),
} as const

/** What is wrong with these settings together. */
export function providerContradictions({
  stripeSecretKey,
  stripeWebhookSecret,
}: Pick<ValuesOf<typeof providerSettings>, 'stripeSecretKey' | 'stripeWebhookSecret'>): readonly string[] {
  return stripeSecretKey !== '' && stripeWebhookSecret === ''
    ? ['STRIPE_WEBHOOK_SECRET must be set where STRIPE_SECRET_KEY is: webhooks are checked with it']
    : []
}
