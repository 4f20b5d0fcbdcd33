import { databaseHealth } from '../../platform/database-health.ts'
import { openPool, type DatabaseOptions } from '../../platform/database.ts'
import type { Log } from '../../platform/log.ts'
import { poolSql } from '../../platform/pool-sql.ts'
import type { Scope } from '../../platform/run.ts'
import type { Health } from '../../platform/service.ts'
import type { FindNextIndex } from '../application/renew-index.ts'
import type { SearchIndex } from '../application/search-index.ts'
import type { Synonyms } from '../domain/synonyms.ts'
import { postgresIndex } from './postgres-index.ts'

type IndexOptions = {
  readonly log: Log
  readonly database: DatabaseOptions
  readonly synonyms: Synonyms
  /** Empty: the index is in the database. */
  readonly searchUrl: string
  readonly searchIndex: string
}

type OpenIndex = {
  readonly index: SearchIndex
  readonly findNextIndex: FindNextIndex
  readonly health: Health
}

/** The code for another server is loaded only when there is one. The database is then not asked. */
export async function openIndex(scope: Scope, options: IndexOptions): Promise<OpenIndex> {
  const { log, database, synonyms, searchUrl: url, searchIndex: index } = options
  if (url === '') {
    const sql = poolSql(openPool(scope, log, database))
    return {
      index: postgresIndex(sql, synonyms),
      findNextIndex: async () => undefined, // it is read anew in its place (rebuild/postgres-rebuild.ts)
      health: databaseHealth('search', () => sql.$queryRawUnsafe('select 1')),
    }
  }
  const { elasticClient } = await import('./elastic/elastic-client.ts')
  const { elasticIndex } = await import('./elastic/elastic-index.ts')
  const { findElasticNext } = await import('./elastic/elastic-next.ts')
  const { ofKind } = await import('./elastic/index-layout.ts')
  const client = elasticClient({ url, index })
  return {
    index: elasticIndex(client, synonyms),
    findNextIndex: findElasticNext({ url, index }, synonyms),
    health: serverHealth(() => client.search({ size: 0, query: ofKind('product') })),
  }
}

function serverHealth(isThere: () => Promise<unknown>): Health {
  return {
    async checkReadiness() {
      const detail = await isThere().then(
        () => '',
        () => 'the search server does not answer',
      )
      return { checks: [{ name: 'search server', ready: detail === '', detail }] }
    },
    readGauges: async () => ({ gauges: [] }),
  }
}
