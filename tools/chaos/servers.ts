import path from 'node:path'
import { withDescendants, readProcesses } from '../shared/process-table.ts'
import type { Field } from './field.ts'
import { findNatsServer, type NatsBinary } from '../../internal/local/nats-binary.ts'
import { natsServer, type NatsServer } from '../../internal/local/nats-server.ts'
import { startPostgres, type Postgres } from '../../internal/local/postgres.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { openRunner } from './runner.ts'

export type PostgresRunner = Field['postgres'] & {
  readonly port: number
  readonly url: string
  /** The folder of its data. */
  readonly dir: string
}

/** Starts PostgreSQL with full durability, because what was answered must be on the disk. */
export async function openPostgres(scope: Scope, dataDir: string): Promise<PostgresRunner> {
  const first = await startPostgres({ dataDir })
  let isFirst = true
  const launch = async (): Promise<Postgres> => {
    const postgres = isFirst ? first : await startPostgres({ dataDir, port: first.port })
    isFirst = false
    return postgres
  }
  const runner = openRunner('postgres', path.join(first.dir, 'postgres.log'), launch)
  scope.onClose('PostgreSQL', () => runner.end('SIGQUIT'))
  await runner.start()
  return {
    ...runner,
    port: first.port,
    url: first.url('tillstream'),
    dir: first.dir,
    async pids() {
      const pid = runner.pid()
      return pid === undefined ? [] : withDescendants(await readProcesses(), pid)
    },
  }
}

export type NatsRunner = Field['nats'] & { readonly port: number; readonly url: string }

export type NatsOptions = {
  readonly dir: string
  readonly configured: string
  readonly searchPath: string
  /** The program of a newer nats-server. */
  readonly newer: string | undefined
}

export async function openNats(scope: Scope, options: NatsOptions): Promise<NatsRunner> {
  const { dir, configured, searchPath, newer } = options
  const find = (file: string): Promise<NatsBinary> =>
    findNatsServer({ configured: file, searchPath, cacheDir: '.cache' })
  let server: NatsServer = await natsServer({ binary: await find(configured), dir })
  const { port } = server
  const runner = openRunner('nats', path.join(dir, 'nats.log'), async () => {
    await server.start()
    const pid = server.pid()
    if (pid === undefined) throw new Error('the nats-server has no process id')
    return { pid, ended: server.ended() }
  })
  scope.onClose('nats-server', () => runner.end('SIGTERM'))
  return {
    ...runner,
    port,
    url: server.url,
    storeDir: path.join(dir, 'jetstream'),
    useNewer:
      newer === undefined
        ? undefined
        : async () => {
            const binary = await find(newer)
            server = await natsServer({ binary, dir, port })
            return binary.version.join('.')
          },
  }
}
