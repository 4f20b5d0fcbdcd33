import { PrismaPg } from '@prisma/adapter-pg'
import { createHash } from 'node:crypto'
import pg from 'pg'
import type { Log } from './log.ts'
import type { Scope } from './run.ts'

export type DatabaseOptions = {
  readonly url: string
  /** Shown in pg_stat_activity. */
  readonly applicationName: string
  readonly maxConnections: number
  readonly statementTimeoutMs: number
  /** Of statements that set a longer timeout for themselves. */
  readonly longestStatementMs?: number
}

/** What raw SQL needs of a Prisma client or of its transaction. */
export type Sql = {
  readonly $queryRawUnsafe: <Row>(query: string, ...values: readonly unknown[]) => Promise<Row>
  readonly $executeRawUnsafe: (query: string, ...values: readonly unknown[]) => Promise<number>
}

/** Prisma's adapter on a pool of the service's own. */
export function openDatabase(scope: Scope, log: Log, options: DatabaseOptions): PrismaPg {
  return prismaAdapter(openPool(scope, log, options))
}

/** For a service that shares the pool between Prisma and the hot paths' own SQL. */
export function prismaAdapter(pool: pg.Pool): PrismaPg {
  return new PrismaPg(pool, { statementNameGenerator: ({ sql }) => statementName(sql) })
}

/**
 * PostgreSQL's own timeout comes first, and says why. This one is for a connection on which nothing comes back at all:
 * its far end is gone, and nobody has told us.
 */
export const answerPatienceMs = (statementTimeoutMs: number): number => statementTimeoutMs * 1.5

/**
 * Everything here goes by a key. But a connection keeps the plan of a prepared statement, and one that was made while the table
 * was small, or was thought to be, reads the whole of it for minutes after it has grown.
 */
const keepsToIndexes = '-c enable_seqscan=off'

/** A client that cannot get a connection in 5 s gets an outage. */
export function openPool(scope: Scope, log: Log, options: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.maxConnections,
    connectionTimeoutMillis: 5_000,
    statement_timeout: options.statementTimeoutMs,
    query_timeout: answerPatienceMs(options.longestStatementMs ?? options.statementTimeoutMs),
    keepAlive: true,
    idle_in_transaction_session_timeout: options.statementTimeoutMs,
    options: keepsToIndexes,
  })
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
  pool.on('error', (err) => log.warn({ err: err.message }, 'an idle database connection broke'))
  scope.onClose(`${options.applicationName} database`, () => pool.end())
  return pool
}

const statementNames = new Map<string, string>()

/** Prepared once per connection: the same text has the same name. */
export function statementName(sql: string): string {
  let name = statementNames.get(sql)
  if (name === undefined) {
    name = createHash('sha1').update(sql).digest('base64url')
    statementNames.set(sql, name)
  }
  return name
}

/** Prisma wraps what the driver said, and not always in the same place. */
function* causesOf(err: unknown): Generator<Record<string, unknown>> {
  for (let at: unknown = err, depth = 0; typeof at === 'object' && at !== null && depth < 6; depth++) {
    const error = at as Record<string, unknown>
    yield error
    at = error.cause ?? (error.meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError
  }
}

/** Five characters; Prisma's own codes (P2002) and Node's (EPIPE) look alike. */
const looksLikeState = /^(?!P[1-9])[0-9FHPX][0-9A-Z]{4}$/

/** PostgreSQL's SQLSTATE, wherever Prisma has put it. */
export function sqlState(err: unknown): string | undefined {
  for (const { originalCode, code } of causesOf(err)) {
    for (const candidate of [originalCode, code]) {
      if (typeof candidate === 'string' && looksLikeState.test(candidate)) return candidate
    }
  }
  return undefined
}

/** 40001 serialization failure, 40P01 deadlock. */
const isContention = (err: unknown): boolean => ['40001', '40P01'].includes(sqlState(err) ?? '')

const lockNotAvailable = '55P03'

/** Somebody has held a lock for longer than a statement was to wait for it. */
export const isLockTimeout = (err: unknown): boolean => sqlState(err) === lockNotAvailable

/** Classes 08 (connection), 53 (resources), 57 (operator intervention, statement timeout), and a lock timeout. */
const outageStates = new RegExp(`^(08|53|57|${lockNotAvailable})`)
/** What Node, pg and Prisma call it: codes, kinds and, where there is neither, words. */
const outageCodes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|P1001|P1002|P1008|P1017|P2024|P2028|DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/
const outageWords =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|not queryable|Unable to start a transaction|Transaction already closed/

/** The database is away or too busy: nobody's fault, worth trying again later. */
export function isDatabaseOutage(err: unknown): boolean {
  const state = sqlState(err)
  if (state !== undefined) return outageStates.test(state)
  for (const { code, kind, message } of causesOf(err)) {
    if ([code, kind].some((name) => typeof name === 'string' && outageCodes.test(name))) return true
    if (typeof message === 'string' && outageWords.test(message)) return true
  }
  return false
}

/** Runs a transaction again when PostgreSQL ended it for the sake of another one. */
export async function retryContention<Result>(work: () => Promise<Result>, attempts = 5): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (err) {
      if (attempt >= attempts || !isContention(err)) throw err
    }
  }
}
