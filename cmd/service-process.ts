import { ConfigError, type Config, loadConfig } from '../internal/config/config.ts'
import type { DatabaseOptions } from '../internal/platform/database.ts'
import { HealthService } from '../internal/gen/health/v1/health_pb.ts'
import { createLog, type Log } from '../internal/platform/log.ts'
import { connectNats, type Nats } from '../internal/platform/nats.ts'
import { serveRpc } from '../internal/platform/rpc.ts'
import { run, type Scope } from '../internal/platform/run.ts'
import type { AnyContract, Handlers, Health } from '../internal/platform/service.ts'

export type ServiceName = keyof Config['databases'] | 'gateway'

export type Process = { readonly config: Config; readonly log: Log; readonly nats: Nats }

/** A process for one service: settings, log and NATS are there before `start`, and all is closed when it ends. */
export async function runService(
  name: ServiceName,
  start: (scope: Scope, process: Process) => Promise<void>,
): Promise<void> {
  const config = configOrExit()
  const log = createLog(name, config.logLevel)
  await run(log, async (scope) => {
    if (!config.natsUrl)
      throw new ConfigError(['NATS_URL must be set: services in processes of their own meet there'])
    const nats = await connectNats(scope, log, config.natsUrl, name)
    await start(scope, { config, log, nats })
  })
}

/** A wrong setting ends the start with one line for each, and nothing else. */
export function configOrExit(): Config {
  try {
    return loadConfig()
  } catch (err) {
    if (!(err instanceof ConfigError)) throw err
    process.stderr.write(`${err.message}\n`)
    process.exit(1)
  }
}

export function databaseOf(config: Config, service: keyof Config['databases']): DatabaseOptions {
  return {
    url: config.databases[service],
    applicationName: `tillstream ${service}`,
    maxConnections: config.databaseConnections,
    statementTimeoutMs: config.statementTimeoutMs,
  }
}

export const streamLimitsOf = (config: Config) => ({
  replicas: config.streamReplicas,
  maxBytes: config.streamMaxBytes,
  maxAgeDays: config.streamMaxAgeDays,
})

/** Answers a service's own contract and the health contract under its name. */
export function serve<Contract extends AnyContract>(
  scope: Scope,
  { log, nats }: Process,
  name: ServiceName,
  contract: Contract,
  service: { readonly handlers: Handlers<Contract>; readonly health: Health },
): void {
  serveRpc(scope, log, nats, name, contract, service.handlers)
  serveRpc(scope, log, nats, name, HealthService, service.health)
}
