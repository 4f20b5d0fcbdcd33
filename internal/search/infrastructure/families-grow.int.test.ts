import pg from 'pg'
import t from 'tap'
import { openPool } from '../../platform/database.ts'
import { createLog } from '../../platform/log.ts'
import { newId } from '../../platform/new-id.ts'
import { poolSql } from '../../platform/pool-sql.ts'
import { createScope } from '../../platform/run.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import type { FamilyId } from '../domain/document.ts'
import { parseSynonyms } from '../domain/synonyms.ts'
import { document, query, treeOf } from '../testing/fixtures.ts'
import { askedWords } from './asked-words.ts'
import { findStatement } from './find-sql.ts'
import { postgresIndex } from './postgres-index.ts'

type Plan = {
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Join Filter'?: number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Plan[]
}

/** How many rows all nodes of a plan have looked at. */
function rowsIn(plan: Plan): number {
  const { 'Actual Rows': rows, 'Actual Loops': loops, Plans: below = [] } = plan
  const removed = (plan['Rows Removed by Join Filter'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0)
  return (rows + removed) * loops + below.reduce((sum, each) => sum + rowsIn(each), 0)
}

t.test('families are found with work that grows as the products do, and not with their square', async (t) => {
  const { url } = await testDatabase(t)
  const log = createLog('test', 'silent')
  const scope = createScope(log, (err) => t.error(err))
  t.teardown(() => scope.close())
  const options = { url, applicationName: 'search', maxConnections: 1, statementTimeoutMs: 10_000 }
  const sql = poolSql(openPool(scope, log, options))
  const index = postgresIndex(sql, parseSynonyms(''))
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  t.teardown(() => client.end())

  async function work(families: number): Promise<number> {
    const documents = Array.from({ length: families }, () => newId() as FamilyId).flatMap((familyId) =>
      Array.from({ length: 4 }, (_, n) => document({ familyId, name: `Lamp ${n}`, priceMinor: BigInt(n) })),
    )
    await index.setCategories(treeOf(documents))
    for (let at = 0; at < documents.length; at += 500) await index.put(documents.slice(at, at + 500), 'older')
    await client.query('analyze search.products')
    const words = await askedWords(async () => new Map(), 'lamp', parseSynonyms(''), 'written')
    const wanted = query('lamp', { byFamily: true, facets: ['category', 'price'] })
    const { text, values } = findStatement(wanted, words)
    const { rows } = await client.query<{ readonly 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
      `explain (analyze, format json) ${text}`,
      [...values],
    )
    return rows[0]!['QUERY PLAN'].reduce((sum, { Plan: plan }) => sum + rowsIn(plan), 0)
  }

  const few = await work(40)
  const many = await work(280) // eight times as many products in all, with those that are there
  t.comment(`${few} rows of 160 products, ${many} of 1,280`)
  t.ok(many < 20 * few, `${many} rows for 1,280 products, ${few} for 160`)
})
