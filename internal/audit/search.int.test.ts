import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { bucketOf, markOf } from '../platform/copy-digest.ts'
import { newId } from '../platform/new-id.ts'
import { aggregates } from '../services.ts'
import { runAudit } from './audit-service.ts'
import { lawfulWorld, product } from './testing/lawful-world.ts'
import { oneDatabase, violationsIn } from './testing/violations.ts'

// Each rule of the search index is broken once, and seen to be named.

const indexed = (id: string, version: number): string => `
  insert into search.products select '${id}', ${version}, 0, 0, 'k', 'n', ' n ', 1, 'c', 'c', 1, 'EUR', false,
    (select category_id from inventory.products where id = '${id}'), null, null, null, 'n';`

const aged = `update inventory.products set updated_at = now() - interval '61 s' where id = '${product}';`

const agedTree = `update inventory.categories set updated_at = now() - interval '61 s';`
const indexedTree = `insert into search.categories select id, version, path, path_key from inventory.categories;`

const broken: readonly (readonly [what: string, sql: string, violated: Readonly<Record<string, RegExp>>])[] =
  [
    ['a product that is not found', aged, { 'index-and-catalogue': /lacks product/ }],
    [
      'a product that is found as it was',
      `${aged} ${indexed(product, 7)}`,
      { 'index-and-catalogue': /has version 7 of product .*, which is at 1$/ },
    ],
    [
      'a product that is found and not there',
      `${indexed(product, 1)} ${indexed(newId(), 1)}`,
      { 'index-and-catalogue': /which there is not/ },
    ],
    [
      'a product of the index without a text',
      `${indexed(product, 1)} update search.products set folded = null`,
      { 'index-and-catalogue': /has no text/ },
    ],
    [
      'a product that is found in another category',
      `${aged} ${indexed(product, 1)} update search.products set category_id = null`,
      { 'index-and-catalogue': /in another category$/ },
    ],
    [
      'a category whose products are not found by it',
      `${indexed(product, 1)} ${agedTree}`,
      { 'index-and-catalogue': /lacks category/ },
    ],
    [
      'a category whose products are found by another path',
      `${indexed(product, 1)} ${indexedTree} ${agedTree} update search.categories set path = 'bath'`,
      { 'index-and-catalogue': /at bath, and it is at kitchen$/ },
    ],
    [
      'a category by which products are found that is not there',
      `${indexed(product, 1)} insert into search.categories values ('${newId()}', 1, 'x', 'x')`,
      { 'index-and-catalogue': /has category .*, which there is not$/ },
    ],
    [
      'a product that is said to be sold out and is not',
      `insert into inventory.sold_out values ('${product}')`,
      { 'sold-out': /has 7 and is among what is sold out/ },
    ],
    [
      'a product that is sold out and not said to be',
      `insert into inventory.stock_movements (product_id, kind, quantity, at) values ('${product}', 'adjustment', -7, now());
     update inventory.stock set available = 0; delete from inventory.sold_out`,
      { 'sold-out': /has 0 and is not among what is sold out/ },
    ],
  ]

for (const [what, sql, violated] of broken) {
  t.test(`the audit sees ${what}`, async (t) => {
    const world = await lawfulWorld(t)
    await world.sql(sql)
    const violations = await violationsIn(world.url)
    t.strictSame(Object.keys(violations), Object.keys(violated))
    t.match(violations, Object.fromEntries(Object.entries(violated).map(([name, words]) => [name, [words]])))
  })
}

t.test('what changed a moment ago, and an index that has everything, are fine', async (t) => {
  const world = await lawfulWorld(t)
  t.strictSame(await violationsIn(world.url), {})
  await world.sql(`${aged} ${indexed(product, 1)} ${agedTree} ${indexedTree}`)
  t.strictSame(await violationsIn(world.url), {})
})

/** Answers as the index's server does that has these products of a bucket. */
async function openIndexServer(t: Test, status: number, count: number, sum: number): Promise<string> {
  const found = { key: bucketOf(product), doc_count: count, sum: { value: sum } }
  const aggregations = { buckets: { buckets: count === 0 ? [] : [found] } }
  const server = createServer((request, answer) => {
    const isAsked = request.url === '/shop/_search' && request.headers.authorization === 'Basic dTpw'
    answer.writeHead(isAsked ? status : 400).end(JSON.stringify({ aggregations }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return `http://u:p@127.0.0.1:${(server.address() as AddressInfo).port}`
}

t.test('an index on a server of its own is compared with the catalogue', async (t) => {
  const world = await lawfulWorld(t)
  const mark = markOf(`${product}:1`)
  const judged = async (status: number, count: number, sum: number) => {
    const indexServer = { url: await openIndexServer(t, status, count, sum), index: 'shop' }
    const { invariants } = await runAudit({
      ...{ aggregates, databases: oneDatabase(world.url), nats: undefined, indexServer },
    })
    return invariants.filter(({ name }) => name === 'index-and-catalogue')
  }
  t.match(await judged(200, 0, 0), [{ checked: 1, violations: 0 }], 'it has changed a moment ago')
  await world.sql(aged)
  t.match(await judged(200, 1, mark), [{ checked: 1, violations: 0 }])
  t.match(await judged(200, 2, 2 * mark), [
    { violations: 1, offenders: [/has 2 products .*, and there are 1$/] },
  ])
  t.match(await judged(200, 1, mark + 1), [{ violations: 1, offenders: [/has other versions of the 1 /] }])
  t.match(await judged(404, 0, 0), [{ violations: 1, offenders: [/has 0 products .*, and there are 1$/] }])
  await t.rejects(judged(503, 0, 0), { code: 'search.index-unavailable' })
})
