import type pg from 'pg'
import { retryContention } from '../../../platform/database.ts'
import type { Rebuild } from './rebuild.ts'

const buckets = 256

/** Earlier than any version. */
const outdated = -1

/** Products are locked in the order of their keys, in which those that are read anew are stored. */
const wantSql = `
  with wanted as (select id from search.products where bucket = $1 order by id for update)
  update search.products p set version = $2, mark = 0 from wanted where p.id = wanted.id`

/** Each product is found as it was until the search service, which takes it for outdated, has read it anew. */
export function postgresRebuild(client: Pick<pg.Client, 'query'>): Rebuild {
  return {
    async want() {
      // In parts, so that nobody waits for all of them.
      for (let bucket = 0; bucket < buckets; bucket++)
        await retryContention(() => client.query(wantSql, [bucket, outdated]))
    },
    async look() {
      type Row = { readonly left: number; readonly all: number }
      const sql = `select count(*) filter (where version = $1)::int as left, count(*)::int as all from search.products`
      const [{ left, all } = { left: 0, all: 0 }] = (await client.query<Row>(sql, [outdated])).rows
      return { done: all - left, all, isOver: left === 0 }
    },
  }
}
