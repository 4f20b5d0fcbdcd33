import pg from 'pg'
import { answerPatienceMs, statementName, type Sql } from './database.ts'

/** Access to the driver itself, for the few hot paths on which Prisma's raw queries took too much CPU time. */
export type PoolSql = Sql & {
  /** Rolls back when `work` throws. */
  readonly transaction: <Result>(
    work: (tx: Sql) => Promise<Result>,
    options?: TransactionOptions,
  ) => Promise<Result>
}

export type TransactionOptions = {
  /** A statement that waits longer for a lock fails (`isLockTimeout`). Without it the statement timeout alone is the bound. */
  readonly lockTimeoutMs?: number
}

/** Makes the values the same as Prisma's: int8 becomes a bigint, and the rest stays as the driver returns it. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format): unknown =>
    oid === pg.types.builtins.INT8 ? BigInt : pg.types.getTypeParser(oid, format),
}

export function poolSql(pool: pg.Pool): PoolSql {
  const patienceMs = answerPatienceMs(Number(pool.options.statement_timeout ?? 0))
  return {
    ...sqlOf(pool, patienceMs),
    async transaction(work, options) {
      const client = await pool.connect()
      // A connection can break between two statements. Then the next statement fails, which is enough. Without a
      // listener the error would end the process.
      client.on('error', nothing)
      try {
        await client.query(beginSql(options))
        const result = await work(sqlOf(client, patienceMs))
        await client.query('commit')
        client.off('error', nothing)
        client.release()
        return result
      } catch (err) {
        // A connection that cannot even roll back is not used again.
        const release = await client.query('rollback').then(
          () => undefined,
          (broken: unknown) => (broken instanceof Error ? broken : true),
        )
        if (release === undefined) client.off('error', nothing)
        client.release(release)
        throw err
      }
    },
  }
}

/** Both in one round trip. */
const beginSql = ({ lockTimeoutMs }: TransactionOptions = {}): string =>
  lockTimeoutMs === undefined ? 'begin' : `begin; set local lock_timeout = ${lockTimeoutMs}`

const nothing = (): void => undefined

function sqlOf(client: pg.Pool | pg.PoolClient, query_timeout: number): Sql {
  const run = (text: string, values: readonly unknown[]): Promise<pg.QueryResult> => {
    // The driver accepts a timeout for each statement, but its types do not say so.
    const statement: pg.QueryConfig & { readonly query_timeout: number } = {
      name: statementName(text),
      text,
      values: [...values],
      types,
      query_timeout,
    }
    return client instanceof pg.Pool ? runInPool(client, statement) : client.query(statement)
  }
  return {
    // The caller knows the columns of its own statement.
    $queryRawUnsafe: async <Row>(text: string, ...values: readonly unknown[]) =>
      (await run(text, values)).rows as Row,
    $executeRawUnsafe: async (text, ...values) => (await run(text, values)).rowCount ?? 0,
  }
}

/**
 * The pool's own `query` closes the connection after every error. Under repeated requests, which violate a key, the new
 * connections cost far more than the statements.
 */
async function runInPool(pool: pg.Pool, statement: pg.QueryConfig): Promise<pg.QueryResult> {
  const client = await pool.connect()
  client.on('error', nothing) // the statement fails as well
  try {
    const result = await client.query(statement)
    client.off('error', nothing)
    client.release()
    return result
  } catch (err) {
    if (isViolation(err)) {
      client.off('error', nothing)
      client.release()
    } else client.release(err instanceof Error ? err : true)
    throw err
  }
}

/** Class 23: a constraint refuses what was to be stored. Nothing is wrong with the connection or its statements. */
const isViolation = (err: unknown): boolean =>
  err instanceof pg.DatabaseError && (err.code?.startsWith('23') ?? false)
