// node dist/cmd/health/main.js <service> is the health check of the containers; inbox and payment-sandbox are known too. It
// exits with 0 when the service is ready, and otherwise with 1 and prints the reason.
import { ConfigError, readEnvironment } from '../../internal/config/read-settings.ts'
import { gatewaySettings, usualOperationsPort } from '../../internal/gateway/gateway-settings.ts'
import { commonSettings, natsAccessOf } from '../../internal/platform/common-settings.ts'

// Every container runs this every few seconds. Most of its cost is loading code, so it loads as little as possible.

const { natsUrl, natsUser, natsPassword, natsCreds, natsNkey, natsCa } = commonSettings
const brokerSettings = { natsUrl, natsUser, natsPassword, natsCreds, natsNkey, natsCa }

/** They know no broker, through which services are asked. */
const standIns: readonly string[] = ['inbox', 'payment-sandbox']

const [service = ''] = process.argv.slice(2)
try {
  const failed = await findFailures(service)
  for (const { name, detail } of failed) process.stderr.write(`${name}: ${detail}\n`)
  process.exitCode = failed.length === 0 ? 0 : 1
} catch (err) {
  process.stderr.write(err instanceof ConfigError ? `${err.message}\n` : `${service}: ${reasonOf(err)}\n`)
  process.exitCode = 1
}

async function findFailures(service: string) {
  if (service === '') throw new Error('name the service to ask')
  if (standIns.includes(service)) return (await import('./ask-stand-in.ts')).askStandIn(service)
  const { host, port, operationsHost, operationsPort } = gatewaySettings
  const declared = { host, port, operationsHost, operationsPort }
  const settings = readEnvironment({ ...brokerSettings, ...declared })
  const checks =
    service === 'gateway'
      ? await (
          await import('./ask-gateway.ts')
        ).askGateway(settings, {
          host: settings.operationsHost,
          port: settings.operationsPort || usualOperationsPort,
        })
      : await (await import('./ask-service.ts')).askService(natsAccessOf(settings), service)
  return checks.filter(({ ready }) => !ready)
}

/** An AggregateError (every address refused) has no message of its own. */
function reasonOf(err: unknown): string {
  const { message = '', code = '' } = err as { message?: string; code?: string }
  return message || code || String(err)
}
