import type { Sql } from '../../platform/database.ts'
import { groupCommit } from '../../platform/group-commit.ts'
import { bareColumn, textColumn } from '../../platform/sql-columns.ts'

/** What identifies a state of an order: every change that somebody can see raises the revision. */
export type State = readonly [id: string, revision: number, updatedAt: string]

export type Question = {
  readonly userId: string
  readonly after: string | undefined
  readonly wanted: number
  /** The print of the page that the caller has. */
  readonly known: string | undefined
}

/** What a person's page consists of now. */
export type News = { readonly print: string; readonly states: readonly State[] }

/** Of a page that nobody knows. No print is like it. */
const unknown = 'none'

/**
 * Tells what a page consists of, or undefined when it has the print that the caller knows. Pages that are asked for
 * together are looked up together.
 */
export function pageNews(sql: Sql): (question: Question) => Promise<News | undefined> {
  return groupCommit((questions: readonly Question[]) => findNews(sql, questions), {
    ...{ maxBatch: 100, inFlight: 2, isOutage: () => true },
  })
}

type Row = { readonly place: number; readonly print: string; readonly states: readonly State[] }

async function findNews(sql: Sql, questions: readonly Question[]): Promise<readonly (News | undefined)[]> {
  const rows = await sql.$queryRawUnsafe<readonly Row[]>(
    newsSql,
    bareColumn(questions, ({ userId }) => userId),
    textColumn(questions, ({ after }) => after ?? null),
    bareColumn(questions, ({ wanted }) => wanted),
    bareColumn(questions, ({ known }) => known ?? unknown),
  )
  const news = new Map(rows.map((row) => [row.place, row]))
  return questions.map((_, index) => news.get(index + 1))
}

const page = `
  select id, revision, updated_at from orders.orders
  where user_id = p.user_id and (p.after is null or id < p.after)
  order by id desc limit p.wanted`

/**
 * Orders stay in their person's list, and their revisions only rise. So a page with as many orders and the same sum of
 * revisions can only differ in which orders it has, and for that there is the hash of their ids. The latest change is
 * there for a database that was restored.
 */
const print = `concat_ws('/', count(*), bit_xor(uuid_hash_extended(id, revision)), sum(revision),
  extract(epoch from max(updated_at)))`

const newsSql = `
  select p.place::int as place, seen.print, (
    select coalesce(json_agg(json_build_array(id, revision, updated_at)), '[]') from (${page}) as found
  ) as states
  from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[]) with ordinality
    as p (user_id, after, wanted, known, place)
  cross join lateral (select ${print} as print from (${page}) as found) as seen
  where seen.print <> p.known`
