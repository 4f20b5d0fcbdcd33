import type { ValuesOf } from '../../../platform/settings.ts'
import type { Provider } from '../../application/provider.ts'
import { mollieProvider } from './mollie.ts'
import type { providerSettings } from './provider-settings.ts'
import { stripeProvider } from './stripe.ts'

/** The providers that have a key. Where two offer the same method, the first has it. */
export function configuredProviders(settings: ValuesOf<typeof providerSettings>): readonly Provider[] {
  const { stripeSecretKey, mollieApiKey, providerTimeoutMs: timeoutMs } = settings
  const stripe = stripeProvider({
    secretKey: stripeSecretKey,
    webhookSecret: settings.stripeWebhookSecret,
    apiUrl: settings.stripeApiUrl || 'https://api.stripe.com',
    timeoutMs,
    multicapture: settings.stripeMulticapture,
  })
  const mollie = mollieProvider({
    apiKey: mollieApiKey,
    apiUrl: settings.mollieApiUrl || 'https://api.mollie.com',
    timeoutMs,
  })
  return [...(stripeSecretKey === '' ? [] : [stripe]), ...(mollieApiKey === '' ? [] : [mollie])]
}
