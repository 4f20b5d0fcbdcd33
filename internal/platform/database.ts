import { PrismaPg } from '@prisma/adapter-pg'
import { createHash } from 'node:crypto'
import pg from 'pg'
import type { Log } from './log.ts'
import type { Scope } from './run.ts'

export type DatabaseOptions = {
  readonly url: string
  /** The name that pg_stat_activity shows. */
  readonly applicationName: string
  readonly maxConnections: number
  readonly statementTimeoutMs: number
  /**
   * The longest timeout that a statement of this service sets for itself, if it is longer than `statementTimeoutMs`.
   */
  readonly longestStatementMs?: number
}

/** What raw SQL needs of a Prisma client or of its transaction. */
export type Sql = {
  readonly $queryRawUnsafe: <Row>(query: string, ...values: readonly unknown[]) => Promise<Row>
  readonly $executeRawUnsafe: (query: string, ...values: readonly unknown[]) => Promise<number>
}

/** Prisma's adapter with a pool of its own. */
export function openDatabase(scope: Scope, log: Log, options: DatabaseOptions): PrismaPg {
  return prismaAdapter(openPool(scope, log, options))
}

/** For a service whose hot paths run SQL of their own on the pool that Prisma uses. */
export function prismaAdapter(pool: pg.Pool): PrismaPg {
  return new PrismaPg(pool, { statementNameGenerator: ({ sql }) => statementName(sql) })
}

/**
 * PostgreSQL's own timeout comes first and gives a reason. This one is for a connection that returns nothing at all,
 * because its far end is gone without having closed it.
 */
export const answerPatienceMs = (statementTimeoutMs: number): number => statementTimeoutMs * 1.5

/**
 * All of our queries use an index. But a connection keeps the plan of a prepared statement, and a plan that was made
 * while the table was small, or while its statistics said so, would still read the whole table for minutes after it
 * has grown.
 */
const keepsToIndexes = '-c enable_seqscan=off'

/** A caller that cannot get a connection within 5 s gets an error, which counts as an outage. */
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
  // The pool replaces an idle connection that broke. Without a listener the error would end the process.
  pool.on('error', (err) => log.warn({ err: err.message }, 'an idle database connection broke'))
  scope.onClose(`${options.applicationName} database`, () => pool.end())
  return pool
}

const statementNames = new Map<string, string>()

/** The same text always has the same name, so that each connection prepares it only once. */
export function statementName(sql: string): string {
  let name = statementNames.get(sql)
  if (name === undefined) {
    name = createHash('sha1').update(sql).digest('base64url')
    statementNames.set(sql, name)
  }
  return name
}

/** Prisma wraps the driver's error, and not always in the same field. */
function* causesOf(err: unknown): Generator<Record<string, unknown>> {
  for (let at: unknown = err, depth = 0; typeof at === 'object' && at !== null && depth < 6; depth++) {
    const error = at as Record<string, unknown>
    yield error
    at = error.cause ?? (error.meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError
  }
}

/** A SQLSTATE has five characters. So have some codes of Prisma (P2002) and of Node (EPIPE), which must not match. */
const looksLikeState = /^(?!P[1-9])[0-9FHPX][0-9A-Z]{4}$/

/** PostgreSQL's SQLSTATE, in whichever field Prisma has put it. */
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

/** True when the database is away or too busy: the request is not at fault and may be tried again later. */
export function isDatabaseOutage(err: unknown): boolean {
  const state = sqlState(err)
  if (state !== undefined) return outageStates.test(state)
  for (const { code, kind, message } of causesOf(err)) {
    if ([code, kind].some((name) => typeof name === 'string' && outageCodes.test(name))) return true
    if (typeof message === 'string' && outageWords.test(message)) return true
  }
  return false
}

/** Repeats a transaction that PostgreSQL ended because of a deadlock or a serialization failure. */
export async function retryContention<Result>(work: () => Promise<Result>, attempts = 5): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (err) {
      if (attempt >= attempts || !isContention(err)) throw err
    }
  }
}
