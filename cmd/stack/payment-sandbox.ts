import path from 'node:path'
import type { Config } from '../../internal/config/config.ts'
import { sandboxWebhookSecret, usualSandboxPort } from '../../internal/config/sandbox-settings.ts'
import { openLocalProgram } from '../../internal/local/local-program.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { programArgs } from './program-args.ts'
import { step } from './step.ts'

/** The sandbox that stands in for the providers of payments, or undefined in production. */
export async function startSandbox(scope: Scope, config: Config): Promise<string | undefined> {
  const { sandbox, local, searchPath, common, isProduction } = config
  if (isProduction && !sandbox.paymentSandbox) return undefined
  const opened = await step('starting the payment sandbox', () =>
    openLocalProgram(scope, {
      ...{ name: 'payment sandbox', folder: 'payment-sandbox', dataDir: path.resolve(local.dataDir) },
      args: programArgs('payment-sandbox'),
      ports: [{ setting: 'SANDBOX_PORT', port: sandbox.sandboxPort, usualPort: usualSandboxPort }],
      env: (dir) => ({
        PATH: searchPath,
        NODE_ENV: common.nodeEnv,
        PAYMENT_SANDBOX: String(sandbox.paymentSandbox),
        LOG_LEVEL: common.logLevel === 'default' ? 'warn' : common.logLevel,
        ...{ SANDBOX_HOST: '127.0.0.1', SANDBOX_DIR: dir },
        SANDBOX_URL: sandbox.sandboxUrl,
        SANDBOX_WEBHOOK_URL: sandbox.sandboxWebhookUrl,
        SANDBOX_WEBHOOK_SECRET: sandbox.sandboxWebhookSecret || sandboxWebhookSecret,
        SANDBOX_SEED: String(sandbox.sandboxSeed),
      }),
    }),
  )
  return opened.url
}

/** Tells the sandbox where the gateway takes Stripe's webhooks, unless it was told by a setting. */
export async function tellSandbox(sandboxUrl: string, gatewayUrl: string): Promise<void> {
  const url = `${gatewayUrl.replace('//localhost:', '//127.0.0.1:')}/webhooks/stripe`
  const answer = await fetch(`${sandboxUrl}/control/webhook`, {
    method: 'PUT',
    body: JSON.stringify({ url }),
  })
  if (!answer.ok) throw new Error(`the payment sandbox answered ${answer.status}`)
}

/** The payment service's account there, unless it has one at a real provider. */
export function sandboxAccount({ services, sandbox }: Config, url: string): Readonly<Record<string, string>> {
  const { payment } = services
  if (payment?.stripeSecretKey !== '' || payment.mollieApiKey !== '') return {}
  return {
    STRIPE_SECRET_KEY: 'sk_test_sandbox',
    STRIPE_WEBHOOK_SECRET: sandbox.sandboxWebhookSecret || sandboxWebhookSecret,
    STRIPE_API_URL: url,
  }
}
