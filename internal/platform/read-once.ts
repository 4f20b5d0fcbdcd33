import pg from 'pg'
import { isDatabaseOutage } from './database.ts'
import { Refusal } from './refusal.ts'

const timeoutMs = 5_000

/**
 * Connects for one question of staff, who ask seldom, and there may be as many databases as services. Nothing can be changed
 * by it. `use` gets a client for each URL, in their order. Refused with database.unavailable when one is away.
 */
export async function readOnce<Result>(
  applicationName: string,
  urls: readonly string[],
  use: (clients: readonly pg.Client[]) => Promise<Result>,
): Promise<Result> {
  const clients = urls.map((url) => clientOf(applicationName, url))
  try {
    await Promise.all(clients.map((client) => client.connect()))
    return await use(clients)
  } catch (err) {
    if (!isDatabaseOutage(err)) throw err
    throw new Refusal(
      'unavailable',
      'database.unavailable',
      'a database does not answer; try again in a moment',
    )
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
  }
}

function clientOf(applicationName: string, url: string): pg.Client {
  const client = new pg.Client({
    ...{ connectionString: url, application_name: applicationName },
    ...{ connectionTimeoutMillis: timeoutMs, statement_timeout: timeoutMs },
    options: '-c default_transaction_read_only=on',
  })
  // A connection that breaks fails the query under way; without a listener it would end the process too.
  client.on('error', () => undefined)
  return client
}
