import { ConfigError, type Config, loadConfig } from '../internal/config/config.ts'
import type { DatabaseOptions } from '../internal/platform/database.ts'
import { HealthService } from '../internal/gen/health/v1/health_pb.ts'
import { armFailpoints } from '../internal/platform/failpoint.ts'
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
  const log = createLog(name, config.logLevel === 'default' ? 'info' : config.logLevel)
  await run(
    log,
    async (scope) => {
      requireShared(name, config)
      const nats = await connectNats(scope, log, config.natsUrl, name)
      await start(scope, { config, log, nats })
    },
    { explain },
  )
}

/** A fault that whoever starts the process can mend: its message is the one line to show. */
export function explain(err: unknown): string | undefined {
  if (err instanceof ConfigError) return err.message
  // The gateway's error for an address that cannot be listened on, without loading the gateway in every service.
  return err instanceof Error && err.name === 'ListenError' ? err.message : undefined
}

/** What `npm start` would choose by itself, and processes of their own have to be told. */
function requireShared(name: ServiceName, config: Config): void {
  const problems = []
  if (!config.natsUrl) problems.push('NATS_URL must be set: services in processes of their own meet there')
  if (name === 'gateway' && !config.jwtSecret)
    problems.push('JWT_SECRET must be set: replicas of the gateway share it')
  if (name !== 'gateway' && !config.databases[name]) {
    problems.push(`DATABASE_URL or ${name.toUpperCase()}_DATABASE_URL must be set`)
  }
  if (problems.length > 0) throw new ConfigError(problems)
}

/** A wrong setting ends the start with one line for each, and nothing else. */
export function configOrExit(): Config {
  try {
    const config = loadConfig()
    armFailpoints(config.failpoints)
    return config
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

export const scrubOf = (config: Config) => ({
  intervalMs: config.scrubIntervalSeconds * 1_000,
  messagesPerSecond: config.scrubMessagesPerSecond,
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

export const gatewayOptionsOf = (config: Config) => ({
  host: config.host,
  port: config.port,
  jwtSecret: config.jwtSecret,
  tokenLifetimeSeconds: config.tokenLifetimeSeconds,
  currency: config.currency,
  rateLimitPerMinute: config.rateLimitPerMinute,
  loginLimitPerMinute: config.loginLimitPerMinute,
  loginFailuresPerMinute: config.loginFailuresPerMinute,
  corsOrigins: config.corsOrigins,
  trustProxy: config.trustProxy,
  connections: {
    total: config.maxConnections,
    // A proxy's address stands for all of its clients.
    perAddress: config.trustProxy.length === 0 ? config.maxConnectionsPerAddress : config.maxConnections,
  },
})
