import pg from 'pg'
import { answerPatienceMs, statementName, type Sql } from './database.ts'

/** The driver itself, for the few hot paths: Prisma's raw queries took a sixth of Node's time there. */
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

/** The same values as Prisma's: int8 is a bigint, and the rest as the driver has it. */
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
      // Between two statements nobody waits for it: the next one fails, and without a listener the process would end.
      client.on('error', nothing)
      try {
        await client.query(beginSql(options))
        const result = await work(sqlOf(client, patienceMs))
        await client.query('commit')
        client.off('error', nothing)
        client.release()
        return result
      } catch (err) {
        // A connection that cannot even roll back is not given to the next one.
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
    // The driver takes a timeout for each statement; its types do not know.
    const statement: pg.QueryConfig & { readonly query_timeout: number } = {
      name: statementName(text),
      text,
      values: [...values],
      types,
      query_timeout,
    }
    return client.query(statement)
  }
  return {
    // The caller knows the columns that its own statement gives.
    $queryRawUnsafe: async <Row>(text: string, ...values: readonly unknown[]) =>
      (await run(text, values)).rows as Row,
    $executeRawUnsafe: async (text, ...values) => (await run(text, values)).rowCount ?? 0,
  }
}
