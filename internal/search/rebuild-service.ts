import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { elasticRebuild } from './infrastructure/rebuild/elastic-rebuild.ts'
import { postgresRebuild } from './infrastructure/rebuild/postgres-rebuild.ts'
import type { Rebuild } from './infrastructure/rebuild/rebuild.ts'

export type RebuildOptions = {
  /** The database of the search service; not asked when there is a server. */
  readonly databaseUrl: string
  readonly server: { readonly url: string; readonly index: string } | undefined
  /** How long nothing may happen: the search service looks every few seconds whether there is something to do. */
  readonly patienceMs: number
}

/** How many products of how many are indexed anew. */
export type TellRebuilt = (done: number, all: number) => void

const lookEveryMs = 200

/** Wants the search index made anew, and returns when the search service has done it: how many products there are. */
export async function rebuildSearch(options: RebuildOptions, tell: TellRebuilt): Promise<number> {
  const { databaseUrl, server, patienceMs } = options
  if (server) return waitFor(elasticRebuild(server), patienceMs, tell)
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'search rebuild',
    keepAlive: true,
  })
  // What breaks the connection fails the statement, too.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await waitFor(postgresRebuild(client), patienceMs, tell)
  } finally {
    await client.end()
  }
}

async function waitFor({ want, look }: Rebuild, patienceMs: number, tell: TellRebuilt): Promise<number> {
  await want()
  let [last, changedAt] = [-1, performance.now()]
  for (;;) {
    const { done, all, isOver } = await look()
    tell(done, all)
    if (isOver) return all
    if (done !== last) [last, changedAt] = [done, performance.now()]
    if (performance.now() - changedAt > patienceMs)
      throw new Error(
        'The search service does not do it: is it running? It does so when it runs, and this may be asked again.',
      )
    await sleep(lookEveryMs)
  }
}
