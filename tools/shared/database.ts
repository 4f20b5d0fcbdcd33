import pg from 'pg'

/** The services' connections are called "tillstream …", with a blank: faults that end those must not end this one. */
const name = 'tillstream-tools'

/** A machine under full load, as the load tests make it, may take long to accept a connection. */
const patienceMs = 60_000
/** Whoever looks on while things are broken looks again soon. */
const quickMs = 5_000

/** On a connection of its own. */
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
  client.on('error', () => undefined) // the query under way fails, too
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** One query on a connection of its own, which must be there soon. */
export const query = <Row extends pg.QueryResultRow>(
  databaseUrl: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> =>
  withClient(databaseUrl, async (client) => (await client.query<Row>(sql, [...values])).rows, quickMs)
