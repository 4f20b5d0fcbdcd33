import pg from 'pg'

/**
 * The name has no blank after "tillstream", unlike those of the services, so that faults do not end these connections.
 */
const name = 'tillstream-tools'

/** Under the full load of a load test, the machine may take long to accept a connection. */
const patienceMs = 60_000
/** A look while faults strike may fail soon, because it is repeated. */
const quickMs = 5_000

/** Runs the work with a connection of its own. */
export async function withClient<Result>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<Result>,
  connectTimeoutMs = patienceMs,
): Promise<Result> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: name,
    connectionTimeoutMillis: connectTimeoutMs,
  })
  client.on('error', () => undefined) // the query under way fails too
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Runs one query on a connection of its own, which must be available soon. */
export const query = <Row extends pg.QueryResultRow>(
  databaseUrl: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> =>
  withClient(databaseUrl, async (client) => (await client.query<Row>(sql, [...values])).rows, quickMs)
