import { ConfigError, loadConfig, type Config } from '../internal/config/config.ts'
import { armFailpoints } from '../internal/platform/failpoint.ts'
import { natsAccessOf } from '../internal/platform/common-settings.ts'
import { createLog } from '../internal/platform/log.ts'
import { NatsAccessError } from '../internal/platform/nats-access.ts'
import { connectNats } from '../internal/platform/nats.ts'
import { run } from '../internal/platform/run.ts'
import type { Service } from '../internal/platform/service-definition.ts'
import { services } from '../internal/services.ts'
import { openServices } from './open-services.ts'

/** Runs one service in this process, where it answers over NATS until it is told to stop. */
export async function runService(name: string): Promise<void> {
  const service = services.find((known) => known.name === name)
  if (!service) throw new Error(`there is no service ${name} in internal/services.ts`)
  const config = configOrExit()
  const { logLevel } = config.common
  const log = createLog(name, logLevel === 'default' ? 'info' : logLevel)
  await run(
    log,
    async (scope) => {
      requireShared(service, config)
      const nats = await connectNats(scope, log, natsAccessOf(config.common), name, {
        mustBeClosed: config.isProduction,
      })
      const { url, operationsUrl } = await openServices(scope, { config, log, nats }, [service], {
        isServing: true,
      })
      if (url !== '') log.info({ url, operationsUrl }, 'listening')
    },
    { explain },
  )
}

/** Returns the one line to show for an error that the user can fix, and undefined for all others. */
export function explain(err: unknown): string | undefined {
  if (err instanceof ConfigError) return err.message
  // The gateway's error for an address on which it cannot listen is known by its name, so that not every service loads
  // the gateway.
  const isExpected = err instanceof NatsAccessError || (err instanceof Error && err.name === 'ListenError')
  return isExpected ? err.message : undefined
}

/** What `npm start` would choose by itself, and what a process of its own has to be told. */
function requireShared(
  { name, schema, needsAllDatabases = false }: Service,
  { common, databases, services: own }: Config,
): void {
  const problems = []
  const isNeeded = (owner: string): boolean => needsAllDatabases || (owner === name && schema !== undefined)
  if (!common.natsUrl) problems.push('NATS_URL must be set: services in processes of their own meet there')
  if (own[name]?.jwtSecret === '')
    problems.push('JWT_SECRET must be set: all gateways and user services share it')
  for (const [owner, url] of Object.entries(databases))
    if (url === '' && isNeeded(owner))
      problems.push(`DATABASE_URL or ${owner.toUpperCase()}_DATABASE_URL must be set`)
  if (problems.length > 0) throw new ConfigError(problems)
}

/** Loads the settings. When some are wrong, it prints one line for each of them and exits. */
export function configOrExit(): Config {
  try {
    const config = loadConfig()
    armFailpoints(config.common.failpoints)
    return config
  } catch (err) {
    if (!(err instanceof ConfigError)) throw err
    process.stderr.write(`${err.message}\n`)
    process.exit(1)
  }
}
