import pg from 'pg'

export async function withClient<Result>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<Result>,
  name = 'tillstream-chaos',
): Promise<Result> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: name,
    connectionTimeoutMillis: 5_000,
  })
  client.on('error', () => undefined) // the query under way fails too
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

export const query = <Row extends pg.QueryResultRow>(
  databaseUrl: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> =>
  withClient(databaseUrl, async (client) => (await client.query<Row>(sql, [...values])).rows)
