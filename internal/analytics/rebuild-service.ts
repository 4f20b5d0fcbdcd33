import pg from 'pg'
import { rebuildCounts, type TellRebuilt } from './infrastructure/rebuild-counts.ts'

/** Makes the sums of the figures anew of what is stored of what happened. Returns how many there are. */
export async function rebuildAnalytics(url: string, tell: TellRebuilt): Promise<number> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'analytics rebuild',
    keepAlive: true,
  })
  // What breaks the connection fails the statement, too.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await rebuildCounts(client, tell)
  } finally {
    await client.end()
  }
}
