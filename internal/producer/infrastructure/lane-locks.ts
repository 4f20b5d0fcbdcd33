import pg from 'pg'
import type { Log } from '../../platform/log.ts'
import { outboxLanes } from '../../platform/outbox.ts'
import type { Scope } from '../../platform/run.ts'

/** "till" in ASCII: the first half of the keys of our advisory locks, so that they never clash with those of others. */
export const lockSpace = 0x74696c6c
/** How often a producer tries to get the lanes that it does not own. */
const askEveryMs = 1_000
/** A database that neither answers nor refuses must not hold up the relay for longer than this. */
const patienceMs = 5_000

export type LaneLocks = {
  /** The lanes that this producer owns now; empty while it is a standby or the database is away. */
  readonly owned: () => Promise<readonly number[]>
}

/** Each lane is a session's advisory lock, so it becomes free as soon as its owner is gone, also after a crash. */
export function postgresLaneLocks(scope: Scope, log: Log, databaseUrl: string): LaneLocks {
  let client: pg.Client | undefined
  let lanes: readonly number[] = []
  let askedAt = -Infinity

  async function connect(): Promise<pg.Client> {
    const fresh = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'tillstream producer lanes',
      connectionTimeoutMillis: patienceMs,
      query_timeout: patienceMs,
      keepAlive: true,
    })
    const forget = (): void => {
      if (client === fresh) client = undefined
      lanes = []
    }
    fresh.on('error', (err) => {
      log.warn({ err: err.message }, 'the producer lost its lanes')
      forget()
    })
    fresh.on('end', forget)
    await fresh.connect()
    return fresh
  }

  async function ask(): Promise<void> {
    client ??= await connect()
    const wanted = Array.from({ length: outboxLanes }, (_, lane) => lane).filter(
      (lane) => !lanes.includes(lane),
    )
    const { rows } = await client.query<{ lane: number; owned: boolean }>(
      'select lane, pg_try_advisory_lock($1, lane) as owned from unnest($2::int[]) as lane',
      [lockSpace, wanted],
    )
    const gained = rows.filter(({ owned }) => owned).map(({ lane }) => lane)
    if (gained.length > 0) log.info({ lanes: gained }, 'the producer owns lanes')
    lanes = [...lanes, ...gained].sort()
  }

  scope.onClose('producer lanes', async () => client?.end())
  return {
    async owned() {
      if (lanes.length < outboxLanes && performance.now() - askedAt >= askEveryMs) {
        askedAt = performance.now()
        await ask()
      }
      return lanes
    },
  }
}
