import path from 'node:path'
import { localSettings } from '../../internal/config/local-settings.ts'
import { ConfigError, readEnvironment } from '../../internal/config/read-settings.ts'
import {
  sandboxSettings,
  sandboxWebhookSecret,
  usualSandboxPort,
} from '../../internal/config/sandbox-settings.ts'
import { openSandbox } from '../../internal/payment-sandbox/open-sandbox-service.ts'
import { commonSettings } from '../../internal/platform/common-settings.ts'
import { createLog } from '../../internal/platform/log.ts'
import { run } from '../../internal/platform/run.ts'

// It stands in for the providers of payments, so it is a process of its own and knows nothing of the services.

const noSandbox =
  'PAYMENT_SANDBOX must be true for the payment sandbox to run: NODE_ENV is production, and it gives goods away for no money'

const { nodeEnv, logLevel } = commonSettings
const { dataDir } = localSettings
const settings = settingsOrExit()
const level = settings.logLevel === 'default' ? 'info' : settings.logLevel
const log = createLog('payment-sandbox', level)
await run(
  log,
  async (scope) => {
    const url = await openSandbox(scope, log, {
      host: settings.sandboxHost,
      port: settings.sandboxPort || usualSandboxPort,
      dir: settings.sandboxDir || path.join(settings.dataDir, 'payment-sandbox'),
      publicUrl: settings.sandboxUrl.replace(/\/+$/, ''),
      webhookUrl: settings.sandboxWebhookUrl,
      webhookSecret: settings.sandboxWebhookSecret || sandboxWebhookSecret,
      seed: settings.sandboxSeed,
    })
    log.info({ url }, 'listening')
  },
  { explain: (err) => (err instanceof Error && err.name === 'ListenError' ? err.message : undefined) },
)

function settingsOrExit() {
  try {
    const read = readEnvironment({ ...sandboxSettings, nodeEnv, logLevel, dataDir })
    if (read.nodeEnv === 'production' && !read.paymentSandbox) throw new ConfigError([noSandbox])
    return read
  } catch (err) {
    if (!(err instanceof ConfigError)) throw err
    process.stderr.write(`${err.message}\n`)
    process.exit(1)
  }
}
