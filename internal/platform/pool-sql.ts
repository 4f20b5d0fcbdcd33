import pg from 'pg'
import { statementName, type Sql } from './database.ts'

/** The driver itself, for the few hot paths: Prisma's raw queries took a sixth of Node's time there. */
export type PoolSql = Sql & {
  /** Rolls back when `work` throws. */
  readonly transaction: <Result>(work: (tx: Sql) => Promise<Result>) => Promise<Result>
}

/** The same values as Prisma's: int8 is a bigint, and the rest as the driver has it. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format): unknown =>
    oid === pg.types.builtins.INT8 ? BigInt : pg.types.getTypeParser(oid, format),
}

export function poolSql(pool: pg.Pool): PoolSql {
  return {
    ...sqlOf(pool),
    async transaction(work) {
      const client = await pool.connect()
      try {
        await client.query('begin')
        const result = await work(sqlOf(client))
        await client.query('commit')
        client.release()
        return result
      } catch (err) {
        // A connection that cannot even roll back is not given to the next one.
        await client.query('rollback').then(
          () => client.release(),
          (broken: unknown) => client.release(broken instanceof Error ? broken : true),
        )
        throw err
      }
    },
  }
}

function sqlOf(client: pg.Pool | pg.PoolClient): Sql {
  const run = (text: string, values: readonly unknown[]): Promise<pg.QueryResult> =>
    client.query({ name: statementName(text), text, values: [...values], types })
  return {
    // The caller knows the columns that its own statement gives.
    $queryRawUnsafe: async <Row>(text: string, ...values: readonly unknown[]) =>
      (await run(text, values)).rows as Row,
    $executeRawUnsafe: async (text, ...values) => (await run(text, values)).rowCount ?? 0,
  }
}
