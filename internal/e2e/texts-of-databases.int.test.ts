import pg from 'pg'
import t from 'tap'
import { testDatabase } from '../platform/testing/database.ts'
import { findInDatabase } from './testing/scan.ts'
import { closed, textColumnsSql, texts } from './testing/texts-of-databases.ts'

// Whoever adds a column that can hold a text has to say whether it tells of people: then somebody has to erase it.

const { url } = await testDatabase(t)
const client = new pg.Client({ connectionString: url })
await client.connect()
t.teardown(() => client.end())

async function columnsNow(): Promise<readonly string[]> {
  const { rows } = await client.query<{ relation: string; name: string }>(textColumnsSql)
  return rows
    .filter(({ relation }) => !relation.endsWith('._prisma_migrations'))
    .map(({ relation, name }) => `${relation}.${name}`)
    .sort()
}

const wordsOf = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '')
const listed = (key: 'people' | 'ours'): readonly string[] =>
  Object.entries(texts).flatMap(([table, of]) => wordsOf(of[key] ?? '').map((name) => `${table}.${name}`))

t.test('every column that can hold a text is known, and whether it tells of people', async (t) => {
  t.same(await columnsNow(), [...listed('people'), ...listed('ours')].sort())
})

t.test('only what tells of people can be closed', async (t) => {
  for (const column of Object.keys(closed)) t.ok(listed('people').includes(column), column)
})

t.test('the scan finds a text in each kind of column', async (t) => {
  await client.query('create table orders.scanned (a text, b text[], c jsonb, d bytea)')
  await client.query(
    `insert into orders.scanned values ('Quill A', array['x', 'Quill B'], '{"name": "Quill C"}', convert_to('{"of":"Quill D"}', 'UTF8'))`,
  )
  const found = await findInDatabase(url, ['quill a', 'quill b', 'quill c', 'quill d', 'quill e'])
  t.same(
    found.toSorted(),
    ['a', 'b', 'c', 'd'].map((column) => `orders.scanned.${column} has quill ${column}`),
  )
  await client.query('drop table orders.scanned')
})

t.test('a column that nobody has thought about is noticed', async (t) => {
  await client.query('alter table orders.orders add column nickname text')
  t.notSame(await columnsNow(), [...listed('people'), ...listed('ours')].sort())
})
