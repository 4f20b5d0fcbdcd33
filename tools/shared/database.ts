import pg from 'pg'

/** The services' connections are called "tillstream …", with a blank: faults that end those must not end this one. */
const defaultName = 'tillstream-tools'

/** On a connection of its own. */
export async function withClient<Result>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<Result>,
  name = defaultName,
): Promise<Result> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: name,
    connectionTimeoutMillis: 5_000,
  })
  client.on('error', () => undefined) // the query under way fails, too
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** One query on a connection of its own. */
export const query = <Row extends pg.QueryResultRow>(
  databaseUrl: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> =>
  withClient(databaseUrl, async (client) => (await client.query<Row>(sql, [...values])).rows)
