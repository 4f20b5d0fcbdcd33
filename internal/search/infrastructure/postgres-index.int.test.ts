import t, { type Test } from 'tap'
import { openPool } from '../../platform/database.ts'
import { createLog } from '../../platform/log.ts'
import { poolSql } from '../../platform/pool-sql.ts'
import { newId } from '../../platform/new-id.ts'
import { createScope } from '../../platform/run.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import type { SearchIndex } from '../application/search-index.ts'
import { parseSynonyms } from '../domain/synonyms.ts'
import { copyContract } from '../testing/copy-contract.ts'
import { familyContract } from '../testing/family-contract.ts'
import { document, query, treeOf } from '../testing/fixtures.ts'
import { indexContract } from '../testing/index-contract.ts'
import { postgresIndex } from './postgres-index.ts'

const { url } = await testDatabase(t)

const open = async (t: Test, most?: number): Promise<SearchIndex> => (await opened(t, most)).index

/** `most`: more products with the words than that are not all ranked. */
async function opened(t: Test, most?: number) {
  const log = createLog('test', 'silent')
  const scope = createScope(log, (err) => t.error(err))
  t.teardown(() => scope.close())
  const options = { url, applicationName: 'search', maxConnections: 2, statementTimeoutMs: 10_000 }
  const sql = poolSql(openPool(scope, log, options))
  await sql.$executeRawUnsafe('delete from search.products')
  await sql.$executeRawUnsafe('delete from search.words')
  await sql.$executeRawUnsafe('delete from search.categories')
  return { sql, index: postgresIndex(sql, parseSynonyms('mug = cup'), most) }
}

indexContract(t, (t) => open(t))
familyContract(t, (t) => open(t))
copyContract(t, (t) => open(t))
t.test('when not all that is found is ranked', async (t) => {
  indexContract(t, (t) => open(t, 0))
})

t.test('what very many products have is found in the same order as everything else', async (t) => {
  const { sql, index: usual } = await opened(t)
  const broad = postgresIndex(sql, parseSynonyms('mug = cup'), 0)
  const words = ['red', 'ring', 'string light', 'Widget - Blue', 'mug', 'cup', 'singing bird', 'e', 'in']
  const word = (number: number): string => words[number % words.length] ?? ''
  const documents = Array.from({ length: 120 }, (_, n) =>
    document({
      name: n % 5 === 0 ? `Thing ${n}` : `${word(n)} ${word(n * 7 + 3)}`,
      sku: n % 11 === 0 ? `ring-${n}` : newId(),
      description: `goes with ${word(n * 5 + 1)} widget-blue`,
      priceMinor: BigInt(n * n),
      category: n % 3 === 0 ? 'rings' : 'strings',
    }),
  )
  await usual.setCategories(treeOf(documents))
  await usual.put(documents, 'older')
  for (const text of ['e', 'in', 'ing', 'ring', 'red e', 'widget-blue', 'mug', 'with in', 'light'])
    for (const sort of ['relevance', 'price'] as const)
      for (const category of [undefined, 'rings']) {
        let after: readonly string[] | undefined
        do {
          const wanted = {
            sort,
            limit: 9,
            after,
            filter: { category },
            facets: ['category', 'price'] as const,
          }
          const page = await usual.find(query(text, wanted))
          t.strictSame(await broad.find(query(text, wanted)), page, `${text} by ${sort} in ${category}`)
          after = page.next
        } while (after)
      }
})

t.test('the version before finds what this one stores', async (t) => {
  const { sql, index } = await opened(t)
  const lamp = document({ name: 'Lamp', sku: 'l-1' })
  const texts = async () =>
    sql.$queryRawUnsafe<{ readonly folded: string }[]>(
      `select folded from search.texts where product_id = $1::uuid and grams @@ 'amp'::tsquery`,
      lamp.id,
    )
  await index.put([lamp], 'older')
  t.match(await texts(), [{ folded: /^lamp l-1/ }])
  await index.put([{ ...lamp, version: 2, name: 'Old lamp' }], 'older')
  t.match(await texts(), [{ folded: /^old lamp l-1/ }])
})
