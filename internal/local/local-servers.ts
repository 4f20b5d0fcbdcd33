import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Scope } from '../platform/run.ts'
import { lockDataDir } from './data-lock.ts'
import { owner, ownerName, type BrokerUser } from '../platform/broker-users.ts'
import { urlWithUser } from '../platform/nats-access.ts'
import { brokerCredentials } from './broker-credentials.ts'
import { findNatsServer } from './nats-binary.ts'
import { natsServer, type NatsServer } from './nats-server.ts'
import { postgresHome } from './postgres-home.ts'
import { startPostgres, type Postgres } from './postgres.ts'
import { type Step } from './setup-error.ts'

export type LocalServersOptions = {
  readonly dataDir: string
  /** The folder in which fetched programs are kept. */
  readonly cacheDir: string
  /** The PATH in which nats-server is looked for. */
  readonly searchPath: string
  /** If it is set, that server is used and none is started. */
  readonly databaseUrl?: string | undefined
  readonly natsUrl?: string | undefined
  readonly natsServerBin?: string | undefined
  /** The users of a broker that is started, besides its owner. */
  readonly brokerUsers: readonly BrokerUser[]
}

export type LocalServers = {
  readonly databaseUrl: string
  /** With the credentials of the broker's owner, who may do everything. */
  readonly natsUrl: string
  /** The same broker for another of its users; undefined when it is the user's own. */
  readonly natsUrlOf: ((user: string) => string) | undefined
  /** Undefined when the user has set a server. */
  readonly postgres: Postgres | undefined
  readonly nats: NatsServer | undefined
}

const restartAfterMs = 1_000
const mostRestartsInARow = 5

/** Starts PostgreSQL and nats-server on the data directory. Throws a SetupError with one message for the user. */
export async function openLocalServers(
  scope: Scope,
  options: LocalServersOptions,
  step: Step,
): Promise<LocalServers> {
  if (!options.databaseUrl || !options.natsUrl) {
    scope.onClose('data directory lock', await lockDataDir(options.dataDir))
  }
  const postgres = options.databaseUrl ? undefined : await openPostgres(scope, options, step)
  const broker = options.natsUrl ? undefined : await openNats(scope, options, step)
  return {
    databaseUrl: options.databaseUrl || (postgres?.url('tillstream') ?? ''),
    natsUrl: options.natsUrl || (broker?.urlOf(ownerName) ?? ''),
    natsUrlOf: broker?.urlOf,
    postgres,
    nats: broker?.nats,
  }
}

async function openPostgres(scope: Scope, { dataDir }: LocalServersOptions, step: Step): Promise<Postgres> {
  const { dir, isElsewhere } = await postgresHome(dataDir)
  const where = isElsewhere ? ` in ${dir}, since its user cannot enter ${dataDir}` : ''
  const postgres = await step(`starting PostgreSQL${where}`, () => startPostgres({ dataDir }))
  const closing = new AbortController()
  scope.onClose('PostgreSQL', async () => {
    closing.abort()
    await postgres.stop()
  })
  scope.watch(
    'PostgreSQL',
    postgres.ended.then(() => {
      if (!closing.signal.aborted) throw new Error(`PostgreSQL has ended; its log is in ${postgres.dir}`)
    }),
  )
  return postgres
}

type Broker = { readonly nats: NatsServer; readonly urlOf: (user: string) => string }

async function openNats(scope: Scope, options: LocalServersOptions, step: Step): Promise<Broker> {
  const { natsServerBin, searchPath, cacheDir, dataDir } = options
  const binary = await findNatsServer({ configured: natsServerBin, searchPath, cacheDir, step })
  return step(`starting nats-server ${binary.version.join('.')}`, async () => {
    const dir = path.join(dataDir, 'nats')
    const credentials = await brokerCredentials(dir, [owner, ...options.brokerUsers])
    const nats = await natsServer({ binary, dir, credentials })
    await nats.start()
    const closing = new AbortController()
    scope.onClose('nats-server', async () => {
      closing.abort()
      await nats.stop()
    })
    scope.watch('nats-server', keepRunning(nats, closing.signal))
    return { nats, urlOf: (user) => urlWithUser(nats.url, user, credentials.passwordOf(user)) }
  })
}

/** Starts nats-server again when it dies. That need not end the stack, because services survive without a broker. */
async function keepRunning(nats: NatsServer, closing: AbortSignal): Promise<void> {
  const isClosing = (): boolean => closing.aborted
  for (let failures = 0; ;) {
    await nats.ended()
    if (isClosing()) return
    await sleep(restartAfterMs)
    if (isClosing()) return
    try {
      await nats.start()
      failures = 0
    } catch (err) {
      if (++failures === mostRestartsInARow) throw err
    }
  }
}
